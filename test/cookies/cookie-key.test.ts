import { webcrypto } from "node:crypto";
import { inspect } from "node:util";
import { CookieKey } from "argania/cookies";
import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { KEY, SECRET } from "./with-jar.ts";

const anyText = fc.string({ unit: "grapheme", maxLength: 40 });
const anyName = fc.stringMatching(/^[\w!#$%&'*+.^`|~-]{1,20}$/);
const KINDS = [
  ["signed", "sign", "verify"],
  ["private", "seal", "open"],
] as const;

describe("a key", () => {
  // Cookies that browsers hold outlive releases: these values must be read for ever, or be absent for ever.
  it("signs in a format that is fixed", () => {
    const signed = "mubCVL2htGx7n70-om2jHA7lBro_i1MDi-G10DRiDD4.zik0zj.user-7";
    expect(KEY.sign("sid", "zik0zj.user-7")).toBe(signed);
    expect(KEY.verify("sid", signed)).toBe("zik0zj.user-7");
  });

  it("seals in a format that is fixed", () => {
    expect(KEY.open("sid", "rq5aVolfNBxxt3l6XN6D734Aae-w0iGm5klCqgVWmfxq6jCv-OvkAQt4")).toBe("zik0zj.üser-7");
  });

  it("is what RFC 5869, RFC 2104 and AES-GCM say, as Web Crypto has them", async () => {
    const { subtle } = webcrypto;
    const bytes = (text: string) => new TextEncoder().encode(text);
    const base = await subtle.importKey("raw", bytes(SECRET), "HKDF", false, ["deriveKey"]);
    const hkdf = (purpose: string) => ({
      name: "HKDF",
      hash: "SHA-256",
      salt: bytes(""),
      info: bytes(`argania cookies 1 ${purpose}`),
    });
    const hmacKey = { name: "HMAC", hash: "SHA-256", length: 256 };
    const signing = await subtle.deriveKey(hkdf("signed"), base, hmacKey, false, ["sign"]);
    const mac = await subtle.sign("HMAC", signing, bytes("3:sidtext"));
    expect(KEY.sign("sid", "text")).toBe(`${Buffer.from(mac).toString("base64url")}.text`);

    const aes = { name: "AES-GCM", length: 256 };
    const encryption = await subtle.deriveKey(hkdf("private"), base, aes, false, ["encrypt"]);
    const iv = new Uint8Array(12).fill(7);
    const additionalData = bytes("sid");
    const sealed = await subtle.encrypt({ ...aes, iv, additionalData }, encryption, bytes("text é"));
    const token = Buffer.concat([iv, new Uint8Array(sealed)]).toString("base64url");
    expect(KEY.open("sid", token)).toBe("text é");
  });

  it("is the same for a text and its bytes, and another for another secret", () => {
    const same = CookieKey.from(new TextEncoder().encode(SECRET));
    expect(same.sign("a", "1")).toBe(KEY.sign("a", "1"));
    expect(CookieKey.from(`${SECRET}.`).verify("a", KEY.sign("a", "1"))).toBeUndefined();
    expect(CookieKey.generate().verify("a", CookieKey.generate().sign("a", "1"))).toBeUndefined();
  });

  it("does not change when its bytes do", () => {
    const bytes = new Uint8Array(32).fill(1);
    const key = CookieKey.from(bytes);
    const signed = key.sign("a", "1");
    bytes.fill(0);
    expect(key.verify("a", signed)).toBe("1");
  });

  it("seals the same text differently each time, and hides it", () => {
    const sealed = Array.from({ length: 50 }, () => KEY.seal("a", "secret"));
    expect(new Set(sealed).size).toBe(50);
    expect(Buffer.from(sealed[0] as string, "base64url").toString("latin1")).not.toContain("secret");
  });

  it("shows nothing of itself", () => {
    expect(inspect(KEY, { showHidden: true, depth: 9 })).not.toMatch(/secret|KeyObject|Buffer/);
    expect(JSON.stringify(KEY)).toBe("{}");
  });
});

describe("CookieKey.from refuses", () => {
  it.each([undefined, null, 7, {}, ["x"], new ArrayBuffer(32)])("%j", (secret) => {
    expect(() => CookieKey.from(secret as string)).toThrow(TypeError);
    expect(() => CookieKey.from(secret as string)).toThrow("is the environment variable set?");
  });

  it.each(["", "x".repeat(31), "é".repeat(15), new Uint8Array(31)])("too little: %j", (secret) => {
    expect(() => CookieKey.from(secret)).toThrow(RangeError);
    expect(() => CookieKey.from(secret)).toThrow("32 at least");
  });

  it("nothing of 32 bytes", () => {
    expect(CookieKey.from("é".repeat(16))).toBeInstanceOf(CookieKey);
    expect(CookieKey.from(new Uint8Array(32))).toBeInstanceOf(CookieKey);
  });
});

describe.each(KINDS)("a %s value", (kind, protect, reveal) => {
  it("comes back as it was", () => {
    fc.assert(
      fc.property(anyName, anyText, (name, text) => {
        const token = KEY[protect](name, text);
        expect(KEY[reveal](name, token)).toBe(text);
        expect(kind === "private" ? token : "").toMatch(/^[\w-]*$/);
      }),
    );
  });

  it("is absent under another name", () => {
    fc.assert(
      fc.property(anyName, anyName, anyText, (name, other, text) => {
        fc.pre(name !== other);
        expect(KEY[reveal](other, KEY[protect](name, text))).toBeUndefined();
      }),
    );
    // Name and text must not run together.
    expect(KEY[reveal]("a", KEY[protect]("ab", "c").replace(".c", ".bc"))).toBeUndefined();
    expect(KEY[reveal]("1", KEY[protect]("1:1", "c").replace(".c", ".:1c"))).toBeUndefined();
  });

  it("is absent with another key, or as the other kind", () => {
    const other = CookieKey.from("another secret, 32 bytes at least");
    const otherKind = reveal === "open" ? "verify" : "open";
    fc.assert(
      fc.property(anyName, anyText, (name, text) => {
        const token = KEY[protect](name, text);
        expect(other[reveal](name, token)).toBeUndefined();
        expect(KEY[otherKind](name, token)).toBeUndefined();
      }),
    );
  });

  it("is absent after a change of any one bit", () => {
    const token = KEY[protect]("sid", "user-7 é");
    const bytes = Buffer.from(token);
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(KEY[reveal]("sid", changed.toString("utf8"))).toBeUndefined();
      expect(KEY[reveal]("sid", changed.toString("latin1"))).toBeUndefined();
    }
  });

  it("is absent when it is cut, continued, or written in another way", () => {
    const token = KEY[protect]("sid", "user-7");
    for (let length = 0; length < token.length; length++) {
      expect(KEY[reveal]("sid", token.slice(0, length))).toBeUndefined();
      expect(KEY[reveal]("sid", token.slice(length + 1))).toBeUndefined();
    }
    for (const other of [`${token}A`, `${token}=`, ` ${token}`, `${token}\0`, token.toLowerCase()]) {
      expect(KEY[reveal]("sid", other)).toBeUndefined();
    }
    // The low byte of Ł is A.
    expect(
      KEY[reveal](
        "sid",
        token.replace(/^./, (first) => String.fromCharCode(256 + first.charCodeAt(0))),
      ),
    ).toBe(undefined);
  });

  it("is absent for whatever else a client sends", () => {
    fc.assert(
      fc.property(fc.oneof(anyText, fc.base64String({ minLength: 44 })), anyText, (token, rest) => {
        expect(KEY[reveal]("sid", token)).toBeUndefined();
        expect(KEY[reveal]("sid", `${"A".repeat(43)}.${rest}`)).toBeUndefined();
      }),
    );
  });
});

describe("without node:crypto", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.resetModules();
  });

  it.each([undefined, {}, { getBuiltinModule: () => undefined }])(
    "keys say so (process: %j)",
    async (process) => {
      vi.resetModules();
      const fresh = await import("argania/cookies");
      vi.stubGlobal("process", process);
      expect(() => fresh.CookieKey.generate()).toThrow("nodejs_compat");
      expect(() => fresh.CookieKey.from(SECRET)).toThrow("need node:crypto");
    },
  );
});
