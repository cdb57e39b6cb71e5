import { createHmac } from "node:crypto";
import { _get, _requestReceiver, ErrorHandlerLayer, Resource } from "argania";
import { JwtAuthLayer, type JwtAuthOptions, type JwtClaims } from "argania/jwt";
import fc from "fast-check";
import { errors, jwtVerify } from "jose";
import { describe, expect, it, vi } from "vitest";
import { authApp, INVALID_TOKEN } from "./auth-app.ts";
import { AUDIENCE, claims, ISSUER, now, SECRET, sign, unsigned } from "./issuer.ts";

const OTHER = "another secret of JWT tests, 32 bytes or more";
const rules = { algorithms: ["HS256"], issuer: ISSUER, audience: AUDIENCE } as const;
const options = { key: SECRET, ...rules } satisfies JwtAuthOptions<JwtClaims, JwtClaims>;
const app = authApp(new JwtAuthLayer(options));

/** Signed by hand: `SignJWT` makes no tokens that are wrong. */
function signed(header: unknown, payload: unknown, secret = SECRET, hash = "sha256"): string {
  const parts = unsigned(header, payload).slice(0, -1);
  return `${parts}.${createHmac(hash, secret).update(parts).digest("base64url")}`;
}

async function causeOf(token: string): Promise<unknown> {
  const seen: unknown[] = [];
  const note = new ErrorHandlerLayer((error) => {
    seen.push((error as Error).cause);
    throw error;
  });
  const root = new Resource("/").addLayerTo(_requestReceiver([note, new JwtAuthLayer(options)]));
  root.setHandlerFor(_get.to(() => "never"));
  await root.intoService().request("/", { headers: { authorization: `Bearer ${token}` } });
  return seen[0];
}

/** What can be different in a token. */
const DEVIATIONS: readonly (readonly [part: "header" | "payload", name: string, value: unknown])[] = [
  ...["HS384", "none", "hs256", "RS256", undefined].map((alg) => ["header", "alg", alg] as const),
  ...["JWT", "at+jwt", "", 1].map((typ) => ["header", "typ", typ] as const),
  ...["a", 7, null].map((kid) => ["header", "kid", kid] as const),
  ...[[], ["exp"], "b64", ["b64"]].map((crit) => ["header", "crit", crit] as const),
  ...[true, false].map((b64) => ["header", "b64", b64] as const),
  ["header", "x", {}],
  ...["x", [ISSUER], undefined].map((iss) => ["payload", "iss", iss] as const),
  ...[[AUDIENCE, "x"], "x", 1, [[AUDIENCE]]].map((aud) => ["payload", "aud", aud] as const),
  ...[now() - 600, "1", 1e300, undefined].map((exp) => ["payload", "exp", exp] as const),
  ...[now() - 600, now() + 600, "0"].map((nbf) => ["payload", "nbf", nbf] as const),
];

describe("a token that is signed with a secret", () => {
  it("is checked without Web Crypto, at once", async () => {
    const verify = vi.spyOn(crypto.subtle, "verify");
    expect(await app.bearer(await sign())).toMatchObject({ status: 200 });
    expect(verify).not.toHaveBeenCalled();
    verify.mockRestore();
  });

  it.each<[string, object]>([
    ["a member that is critical", { alg: "HS256", crit: ["exp"], exp: 1 }],
    ["an unencoded payload", { alg: "HS256", crit: ["b64"], b64: false }],
    ["critical members that are none", { alg: "HS256", crit: [] }],
    ["another algorithm", { alg: "HS512" }],
    ["the algorithm in lower case", { alg: "hs256" }],
    ["no algorithm", {}],
    ["the algorithm none", { alg: "none" }],
    ["an algorithm that every object has", { alg: "toString" }],
    ["a list of algorithms", { alg: ["HS256"] }],
  ])("is not good with %s in its header, though its signature is", async (_, header) => {
    expect(await app.bearer(signed(header, claims()))).toMatchObject(INVALID_TOKEN);
  });

  it("may have members in its header that are not critical", async () => {
    expect(await app.bearer(signed({ alg: "HS256", kid: "a", jku: "x" }, claims()))).toMatchObject({
      status: 200,
    });
  });

  it.each<[string, unknown, unknown]>([
    ["claims that are a list", { alg: "HS256" }, []],
    ["claims that are text", { alg: "HS256" }, "text"],
    ["claims that are no JSON", { alg: "HS256" }, "{"],
    ["a header that is a list", ["HS256"], claims()],
    ["a header that is no JSON", "{", claims()],
  ])("is not good with %s", async (_, header, payload) => {
    expect(await app.bearer(signed(header, payload))).toMatchObject(INVALID_TOKEN);
  });

  it("is not good with another signature, of whatever length", async () => {
    const token = await sign();
    const start = token.lastIndexOf(".") + 1;
    const signature = token.slice(start);
    for (const other of [
      signature.slice(0, -1),
      `${signature}A`,
      signature.slice(4),
      "A",
      `${signature.startsWith("A") ? "B" : "A"}${signature.slice(1)}`,
      createHmac("sha256", OTHER)
        .update(token.slice(0, start - 1))
        .digest("base64url"),
      createHmac("sha512", SECRET)
        .update(token.slice(0, start - 1))
        .digest("base64url"),
    ]) {
      expect(await app.bearer(token.slice(0, start) + other), other).toMatchObject(INVALID_TOKEN);
    }
  });

  it("has the causes that jose has for others", async () => {
    const causes = [
      [signed({ alg: "HS256" }, claims(), OTHER), errors.JWSSignatureVerificationFailed],
      [await sign(claims({ exp: now() - 60 })), errors.JWTExpired],
      [await sign(claims({ aud: "x" })), errors.JWTClaimValidationFailed],
      [signed({ alg: "HS384" }, claims(), SECRET, "sha384"), errors.JOSEAlgNotAllowed],
    ] as const;
    for (const [token, expected] of causes) {
      expect(await app.bearer(token)).toMatchObject(INVALID_TOKEN);
      expect(await causeOf(token)).toBeInstanceOf(expected);
    }
  });

  it("is found by its kid, and by no other's", async () => {
    const many = authApp(new JwtAuthLayer({ keys: { a: SECRET, b: OTHER }, ...rules }));
    expect(await many.bearer(signed({ alg: "HS256", kid: "a" }, claims()))).toMatchObject({ status: 200 });
    expect(await many.bearer(signed({ alg: "HS256", kid: "b" }, claims(), OTHER))).toMatchObject({
      status: 200,
    });
    expect(await many.bearer(signed({ alg: "HS256", kid: "b" }, claims()))).toMatchObject(INVALID_TOKEN);
    expect(await many.bearer(signed({ alg: "HS256" }, claims()))).toMatchObject(INVALID_TOKEN);
    expect(await many.bearer(signed({ alg: "HS256", kid: 1 }, claims()))).toMatchObject(INVALID_TOKEN);
  });

  it("is good by any of several secrets, with every algorithm", async () => {
    const secrets = ["1", "2", "3"].map((digit) => digit.repeat(64));
    const several = authApp(
      new JwtAuthLayer({ ...rules, key: secrets, algorithms: ["HS256", "HS384", "HS512"] }),
    );
    for (const secret of secrets) {
      for (const bits of [256, 384, 512]) {
        const token = signed({ alg: `HS${bits}` }, claims(), secret, `sha${bits}`);
        expect(await several.bearer(token)).toMatchObject({ status: 200 });
      }
      expect(await several.bearer(signed({ alg: "HS256" }, claims(), secret, "sha512"))).toMatchObject(
        INVALID_TOKEN,
      );
    }
  });

  it("keeps nothing of a token: the same one is refused when it is over", async () => {
    const token = await sign(claims({ exp: now() + 60 }));
    expect(await app.bearer(token)).toMatchObject({ status: 200 });
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 120_000 });
    try {
      expect(await app.bearer(token)).toMatchObject(INVALID_TOKEN);
    } finally {
      vi.useRealTimers();
    }
  });

  it("is good if and only if it is for jose", async () => {
    const key = fc.constantFrom(SECRET, SECRET, SECRET, OTHER);
    const hash = fc.constantFrom("sha256", "sha256", "sha256", "sha384");
    const changes = fc.array(fc.constantFrom(...DEVIATIONS), { maxLength: 2 });
    const outcomes = new Set<number>();
    await fc.assert(
      fc.asyncProperty(key, hash, changes, async (secret, digest, list) => {
        const token = { header: { alg: "HS256" }, payload: claims() };
        for (const [part, name, value] of list) {
          Object.assign(token[part], { [name]: value });
        }
        const text = signed(token.header, token.payload, secret, digest);
        const expected = await jwtVerify(text, new TextEncoder().encode(SECRET), {
          ...{ algorithms: ["HS256"], issuer: ISSUER, audience: AUDIENCE },
          ...{ clockTolerance: 5, requiredClaims: ["exp"] },
        }).then(
          () => 200,
          () => 401,
        );
        outcomes.add(expected);
        expect((await app.bearer(text)).status).toBe(expected);
      }),
      { numRuns: 150 },
    );
    expect(outcomes).toEqual(new Set([200, 401]));
  });
});
