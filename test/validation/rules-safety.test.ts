import { headers, jsonBody, queryParams } from "argania";
import { fastestValidator } from "argania/fastest-validator";
import { afterEach, describe, expect, it } from "vitest";
import { issuesOf, pathsOf, serve } from "./serve.ts";

/** What every conversion to a text or a number throws for; JSON can have it. */
const STUBBORN = { toString: 1, valueOf: 1 };

const polluted = ["isAdmin", "val", "polluted"];

afterEach(() => {
  for (const name of polluted) {
    expect((globalThis as Record<string, unknown>)[name], name).toBeUndefined();
    expect(({} as Record<string, unknown>)[name], name).toBeUndefined();
  }
});

describe("values that cannot be converted are issues, never a 500", () => {
  it.each([
    "string",
    "string|convert",
    "number",
    "number|convert",
    "boolean|convert",
    "date|convert",
    "currency",
    "email",
    "email|mode:precise",
    "url",
    "uuid",
    "mac",
    "luhn",
    "equal|value:5",
    "equal|field:other",
    "string[]",
    "array|items:number|convert",
  ])("%s", async (rule) => {
    const app = serve(jsonBody({ other: "any|optional", a: rule }));
    for (const a of [STUBBORN, [STUBBORN], [[STUBBORN]], { __defineGetter__: STUBBORN }, [], {}]) {
      const answer = await app.post({ a, other: STUBBORN });
      expect(app.reports).toEqual([]);
      expect([200, 400]).toContain(answer.status);
      expect(rule.startsWith("string[]") || rule.startsWith("array") || answer.status === 400).toBe(true);
    }
    const odd = await app.post({ a: 7, other: STUBBORN });
    expect([200, 400]).toContain(odd.status);
  });

  it.each([
    { a: { type: "enum", values: ["x"] } },
    { a: { type: "record", key: "string|length:1", value: "number" } },
    { a: { type: "tuple", items: ["string"] } },
    { a: { type: "array", enum: ["x"], unique: true } },
    { a: { type: "multi", rules: ["boolean", "uuid"] } },
  ] as const)("%j", async (rules) => {
    const app = serve(jsonBody(rules));
    for (const a of [STUBBORN, [STUBBORN, STUBBORN], 5, "y"]) {
      expect((await app.post({ a })).status).toBe(400);
    }
  });
});

describe("texts that are made to take long", () => {
  const big = 500_000;

  it.each([
    ["email", `${"@.".repeat(big)} `],
    ["email", "@".repeat(2 * big)],
    ["email|mode:precise", `${"a.".repeat(big)}@`],
    ["email|mode:precise", `"${'"'.repeat(big)}`],
    ["currency", "x".repeat(big)],
    ["currency", `${"1,".repeat(big)}x`],
    ["number|convert", `${"1".repeat(big)}x`],
    ["date", `${"2".repeat(big)}`],
    ["luhn", "x".repeat(big)],
    ["mac", "a".repeat(big)],
    ["url", "http:/".repeat(big / 6)],
    ["uuid", "0".repeat(big)],
  ])("are refused at once: %s", async (rule, text) => {
    const answer = await serve(jsonBody.withLimit(4 * big)({ a: rule })).post({ a: text });
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body).length).toBeLessThan(500);
  });

  it.each([
    ["a@b.c", true],
    ["a.b+c@d-e.f.g", true],
    ["ü@ü.ü", true],
    ["a@b", false],
    ["@b.c", false],
    ["a@.c", false],
    ["a@b.", false],
    ["a b@c.d", false],
    ["a@b.c\n", false],
    ["a@@.c", true],
    ["", false],
    ["a@b.c".padStart(321, "x"), false],
  ])("are e-mail addresses as before: %j (%j)", async (text, isEmail) => {
    expect((await serve(jsonBody({ a: "email" })).post({ a: text })).status).toBe(isEmail ? 200 : 400);
  });
});

describe("secrets", () => {
  it("are in no message", async () => {
    const rules = {
      password: "string|min:20|alpha",
      pin: "number|max:10",
      again: "equal|field:password",
      card: "luhn",
      list: { type: "array", enum: ["x"], unique: true },
      role: { type: "enum", values: ["x"] },
      mail: "email",
      site: "url",
    } as const;
    const secret = "hunter2-hunter2";
    const body = Object.fromEntries(Object.keys(rules).map((name) => [name, secret]));
    const app = serve(jsonBody({ ...rules, $$strict: true }));
    const answer = await app.post({ ...body, list: [secret, secret], pin: 8_675_309 });
    expect(pathsOf(answer).length).toBeGreaterThan(7);
    expect(JSON.stringify(answer.body)).not.toMatch(/hunter2|8675309/);
  });

  it("of credit cards are left nowhere", async () => {
    const app = serve(jsonBody({ card: "luhn" }));
    expect((await app.post({ card: "4111 1111 1111 1111" })).status).toBe(200);
    expect((await app.post({ card: "4111 1111 1111 1112" })).status).toBe(400);
    expect("val" in globalThis).toBe(false);
  });

  it("are in a message that asks for them, in short", async () => {
    const schema = fastestValidator(
      { a: "string|max:3" },
      { messages: { stringMax: "{field}: {actual} > {expected}" } },
    );
    expect(issuesOf(await serve(jsonBody(schema)).post({ a: "abcd" }))).toEqual(["a: a: 4 > 3"]);
    const odd = fastestValidator({ a: "string" }, { messages: { string: "{actual}!" } });
    const app = serve(jsonBody(odd));
    expect(issuesOf(await app.post({ a: [STUBBORN] }))).toEqual(["a: object!"]);
    expect(issuesOf(await app.post({ a: 7 }))).toEqual(["a: 7!"]);
  });
});

describe("names that poison", () => {
  it("are in no copy", () => {
    const value: unknown = JSON.parse('{"a":1,"__proto__":{"polluted":1},"b":{"__proto__":{"polluted":1}}}');
    const results = [
      fastestValidator({ a: "number", b: "object" }),
      fastestValidator({ $$strict: false, a: "number", b: { $$type: "object", $$strict: false } }),
      fastestValidator({ $$root: true, type: "record", key: "string", value: "any" }),
    ].map((schema) => schema["~standard"].validate(value) as { value: Record<string, object> });
    for (const { value: copy } of results) {
      expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
      expect(Object.hasOwn(copy, "__proto__")).toBe(false);
      expect((copy as { polluted?: unknown }).polluted).toBeUndefined();
    }
    expect(Object.hasOwn(results[0]?.value.b ?? {}, "__proto__")).toBe(false);
  });

  it("are not made by a rule for keys", async () => {
    const rules = { $$root: true, type: "record", key: "string|lowercase|trim", value: "object" } as const;
    const app = serve(jsonBody(rules));
    await app.post({ __PROTO__: { isAdmin: true }, " __proto__": { isAdmin: true }, OK: {} });
    expect(app.seen).toEqual({ ok: {} });
    expect(Object.getPrototypeOf(app.seen)).toBe(Object.prototype);
    expect((app.seen as { isAdmin?: unknown }).isAdmin).toBeUndefined();
  });

  it("are harmless in a query", async () => {
    const app = serve(queryParams({ a: "string|optional", $$strict: false }));
    await app.get("/?__proto__=x&__proto__=y&__proto__[polluted]=1&a=b&constructor=1");
    expect(Object.hasOwn(app.seen as object, "__proto__")).toBe(false);
    expect(app.seen).toMatchObject({ a: "b" });
  });

  it("are no values where every object inherits them", async () => {
    const rules = {
      constructor: "any|optional",
      toString: "any|optional",
      hasOwnProperty: "string|default:x",
    } as const;
    for (const app of [
      serve(jsonBody(rules)),
      serve(queryParams(rules)),
      serve(headers({ constructor: "any|optional" })),
    ]) {
      await app.post({});
      expect(Object.keys(app.seen as object).filter((name) => name !== "hasOwnProperty")).toEqual([]);
    }
    const required = await serve(jsonBody({ constructor: "string", valueOf: "any" })).post({});
    expect(pathsOf(required)).toEqual(["constructor", "valueOf"]);
    const given = await serve(jsonBody({ constructor: "string" })).post({ constructor: "Ferrari" });
    expect(given.body).toEqual({ constructor: "Ferrari" });
  });
});

describe("answers", () => {
  it("are not many times the request", async () => {
    const app = serve(
      jsonBody.withLimit(4_000_000)({
        list: "number[]|optional",
        any: { type: "array", items: ["string", "boolean"], optional: true },
        byName: {
          type: "record",
          key: "string",
          value: { $$type: "object", a: "string", b: "string" },
          optional: true,
        },
        strict: { $$type: "object|optional", $$strict: true, a: "string|optional" },
      }),
    );
    const names = Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [`n${index}`, 1]));
    for (const body of [
      { list: Array.from({ length: 200_000 }, () => "x") },
      { any: Array.from({ length: 200_000 }, () => 1) },
      { strict: names },
      { byName: { ["k".repeat(1_000_000)]: {} } },
    ]) {
      const answer = await app.post(body);
      expect(answer.status).toBe(400);
      expect(pathsOf(answer).length).toBeLessThanOrEqual(100);
      expect(JSON.stringify(answer.body).length).toBeLessThan(70_000);
    }
  });
});
