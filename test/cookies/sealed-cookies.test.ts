import { CookieError } from "argania";
import { CookieKey } from "argania/cookies";
import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { cookieHeader, jarOf, KEY, linesOf } from "./with-jar.ts";

const OLD = CookieKey.from("an older secret, 32 bytes at least");
const FOREIGN = CookieKey.generate();

afterEach(() => {
  vi.useRealTimers();
});

describe.each(["signed", "private"] as const)("%s cookies", (kind) => {
  /** What a browser sends back after `set`. */
  const sentBack = async (value: string, attributes = {}, keys: readonly CookieKey[] = [KEY]) =>
    cookieHeader(linesOf((await jarOf({ keys })).set("other", "1")[kind].set("sid", value, attributes)));

  it("come back", async () => {
    const jar = await jarOf({ cookie: await sentBack("user-7; é") });
    expect(jar[kind].get("sid")).toBe("user-7; é");
    expect(jar[kind].has("sid")).toBe(true);
    expect(jar[kind].get("other")).toBeUndefined();
    expect(jar[kind].has("nothing")).toBe(false);
  });

  it("come back, whatever their value", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary", maxLength: 100 }), async (value) => {
        expect((await jarOf({ cookie: await sentBack(value) }))[kind].get("sid")).toBe(value);
      }),
    );
  });

  it("are seen at once, and are not plain ones", async () => {
    const jar = await jarOf();
    jar[kind].set("sid", "7");
    expect(jar[kind].get("sid")).toBe("7");
    expect(jar.get("sid")).not.toMatch(/^7/);
    expect(Number.parseInt(jar.get("sid") as string, 10)).not.toBe(7);
    jar[kind].set("sid", "8");
    expect(jar[kind].get("sid")).toBe("8");
    jar.set("sid", "9");
    expect(jar[kind].get("sid")).toBeUndefined();
  });

  it("are removed as plain ones are", async () => {
    const jar = await jarOf({ cookie: await sentBack("7") });
    jar[kind].remove("sid", { path: "/x" });
    expect(jar[kind].has("sid")).toBe(false);
    expect(linesOf(jar)).toEqual([expect.stringMatching(/^sid=; Max-Age=0; Path=\/x;/)]);
  });

  it("have the attributes and rules of plain ones", async () => {
    const jar = await jarOf();
    jar[kind].set("__Host-sid", "7", { sameSite: "strict", maxAge: 60 });
    expect(linesOf(jar)[0]).toMatch(
      /^__Host-sid=[\w.%-]+; Max-Age=60; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    );
    expect(() => jar[kind].set("__Host-sid", "7", { domain: "a.com" })).toThrow(CookieError);
    expect(() => jar[kind].set("sid", "7", { maxAge: Number.NaN })).toThrow(CookieError);
    expect(() => jar[kind].set("sid", "7", { expires: "soon" as never })).toThrow(CookieError);
    expect(() => jar[kind].set("sid", 7 as never)).toThrow(CookieError);
    expect(() => jar[kind].set("sid", "\udc00")).toThrow(CookieError);
    expect(() => jar[kind].set("s d", "7")).toThrow(CookieError);
    expect(() => jar[kind].set("sid", "x".repeat(4050))).toThrow("4096");
  });

  it.each<[string, (cookie: string) => string]>([
    ["cut", (cookie) => cookie.slice(0, -1)],
    ["empty", (cookie) => cookie.replace(/sid=.*/, "sid=")],
    ["continued", (cookie) => `${cookie}A`],
    ["under another name", (cookie) => cookie.replace("sid=", "sid2=")],
    ["shadowed by one that a client made", (cookie) => `sid=forged; ${cookie}`],
    [
      "encoded twice",
      (cookie) => cookie.replace(/(?<=sid=)./, (first) => `%25${first.charCodeAt(0).toString(16)}`),
    ],
    ["very long", () => `sid=${"A".repeat(10_000)}`],
  ])("are absent when %s", async (_, change) => {
    const jar = await jarOf({ cookie: change(await sentBack("user-7")) });
    expect([jar[kind].get("sid"), jar[kind].get("sid2")]).toEqual([undefined, undefined]);
    expect([jar[kind].has("sid"), jar[kind].needsRenewal("sid")]).toEqual([false, false]);
  });

  it("are absent when another key made them, or they are of the other kind", async () => {
    expect((await jarOf({ cookie: await sentBack("7", {}, [FOREIGN]) }))[kind].get("sid")).toBeUndefined();
    const otherKind = kind === "signed" ? "private" : "signed";
    expect((await jarOf({ cookie: await sentBack("7") }))[otherKind].get("sid")).toBeUndefined();
    expect((await jarOf({ cookie: "sid=7" }))[kind].get("sid")).toBeUndefined();
  });

  it("are made with the newest key and read with all", async () => {
    const old = await sentBack("7", {}, [OLD]);
    const rotated = await jarOf({ cookie: old, keys: [KEY, FOREIGN, OLD] });
    expect(rotated[kind].get("sid")).toBe("7");
    expect(rotated[kind].needsRenewal("sid")).toBe(true);
    rotated[kind].set("sid", "7");
    expect(rotated[kind].needsRenewal("sid")).toBe(false);

    const renewed = await jarOf({ cookie: cookieHeader(linesOf(rotated)), keys: [KEY] });
    expect(renewed[kind].get("sid")).toBe("7");
    expect((await jarOf({ cookie: old, keys: [KEY] }))[kind].get("sid")).toBeUndefined();
  });

  it.each([
    ["maxAge", () => ({ maxAge: 60 })],
    ["expires", () => ({ expires: new Date(Date.now() + 60_999) })],
    ["both, of which maxAge counts", () => ({ maxAge: 60, expires: new Date(Date.now() + 90_000) })],
  ])("expire here, too: %s", async (_, attributes) => {
    vi.useFakeTimers({ now: 1_800_000_000_000, toFake: ["Date"] });
    const jar = await jarOf({ cookie: await sentBack("7", attributes()) });
    expect(jar[kind].get("sid")).toBe("7");
    vi.setSystemTime(1_800_000_059_999);
    expect(jar[kind].get("sid")).toBe("7");
    vi.setSystemTime(1_800_000_060_000);
    expect([jar[kind].get("sid"), jar[kind].has("sid")]).toEqual([undefined, false]);
    expect(jar[kind].needsRenewal("sid")).toBe(false);
  });

  it("live as long as their key without maxAge and expires", async () => {
    vi.useFakeTimers({ now: 1_800_000_000_000, toFake: ["Date"] });
    const jar = await jarOf({ cookie: await sentBack("7") });
    vi.setSystemTime(2_800_000_000_000);
    expect(jar[kind].get("sid")).toBe("7");
  });
});

it("needs no key for plain cookies, nor for removing one", async () => {
  const jar = await jarOf({ cookie: "a=1", keys: [] });
  expect(jar.set("b", "2").get("a")).toBe("1");
  jar.signed.remove("sid");
  expect(linesOf(jar)).toHaveLength(2);
});
