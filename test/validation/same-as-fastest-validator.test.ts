import { fastestValidator } from "argania/fastest-validator";
import fc from "fast-check";
import Validator from "fastest-validator";
import { describe, expect, it } from "vitest";

/** Rules that mean the same here as in fastest-validator itself, where nothing was made safer by refusing more or less. */
const RULES: readonly unknown[] = [
  "string",
  "string|min:1|max:3",
  "string|length:2|alpha",
  "string|empty:false|alphanum",
  "string|alphadash|trim",
  "string|numeric",
  "string|hex|lowercase",
  "string|base64",
  "string|singleLine",
  { type: "string", pattern: "^a+$", patternFlags: "i" },
  { type: "string", contains: "a" },
  { type: "string", enum: ["a", "b"] },
  { type: "string", padStart: 3, padChar: "a", max: 3 },
  "number",
  "number|integer|min:0|max:10",
  "number|positive",
  "number|negative",
  { type: "number", equal: 1 },
  { type: "number", notEqual: 1 },
  "boolean",
  "any",
  "forbidden",
  "object",
  "record",
  { type: "record", key: "string|alpha", value: "number" },
  { type: "object", minProps: 1, maxProps: 2 },
  { type: "object", strict: true, props: { a: "number|optional", b: "string|optional" } },
  { type: "object", strict: "remove", props: { a: "number" }, maxProps: 1 },
  { $$type: "object|optional", a: "number", b: "any|optional" },
  "string[]",
  "number[]|min:1|max:2|unique",
  { type: "array", items: "any", contains: 1 },
  { type: "array", enum: [1, "a"], empty: false },
  { type: "array", items: { $$type: "object", a: "string" } },
  { type: "tuple", items: ["string", "number|optional"], empty: false },
  { type: "enum", values: [1, "a", true] },
  { type: "equal", value: "a", strict: true },
  { type: "multi", rules: ["string|min:2", "number"] },
  ["boolean", { $$type: "object", a: "boolean" }],
  "url",
  "url|empty:true",
  "uuid",
  "uuid|version:4",
  "mac",
  "string|optional",
  "string|nullable",
  "number|default:1",
];

/** Values that rules are near to. */
const key = fc.constantFrom("a", "b", "c");
const leaf = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    "",
    "a",
    "b",
    "ab",
    "AA",
    "aaa",
    "1",
    "1.5",
    "a b",
    "a\nb",
    "YQ==",
    "0f",
  ),
  fc.constantFrom<unknown>(0, 1, -1, 1.5, 11, Number.MAX_SAFE_INTEGER),
  fc.constantFrom<unknown>(
    "http://a",
    "https://a b",
    "HTTP://a",
    "00:11:22:aa:bb:cc",
    "0011.22aa.bbcc",
    "00-11-22-aa-bb-cx",
  ),
  fc.uuid(),
  fc.string({ maxLength: 4 }),
  fc.double(),
);
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    leaf,
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(key, tie("value"), { maxKeys: 3 }),
  ),
}));

function theirs(rule: unknown): (value: unknown) => boolean {
  const validator = new Validator({ useNewCustomCheckerFunction: true });
  const check = validator.compile({ it: structuredClone(rule) } as never);
  return (it) => check(structuredClone({ it })) === true;
}

function ours(rule: unknown): (value: unknown) => boolean {
  const { validate } = fastestValidator({ it: rule as "any" })["~standard"];
  return (it) => {
    const result = validate({ it });
    return !(result instanceof Promise) && result.issues === undefined;
  };
}

describe("what passes", () => {
  it.each(RULES.map((rule) => [rule]))("is the same for %j", (rule) => {
    const [theirCheck, ourCheck] = [theirs(rule), ours(rule)];
    fc.assert(
      fc.property(value, (it) => {
        expect(ourCheck(it)).toBe(theirCheck(it));
      }),
      { numRuns: 150 },
    );
  });

  const from = (characters: string, maxLength: number) =>
    fc.string({ unit: fc.constantFrom(...characters), maxLength });

  it.each<[unknown, fc.Arbitrary<string>]>([
    ["email", from("a@. \n", 8)],
    ["email|empty:true|min:4|max:6|normalize", from("aA@. ", 8)],
    ["email|mode:precise", fc.oneof(from("a@.-", 8), fc.emailAddress())],
    ["luhn", from("0123456789 -", 12)],
    ["currency", from("-0123,.$", 7)],
    [{ type: "currency", currencySymbol: "$", symbolOptional: true }, from("-$123,.", 7)],
    [{ type: "currency", currencySymbol: "$" }, from("-$12,.", 6)],
    [{ type: "currency", customRegex: /^\d+ EUR$/ }, from("12 EUR", 6)],
  ])("is the same for %j", (rule, texts) => {
    const [theirCheck, ourCheck] = [theirs(rule), ours(rule)];
    fc.assert(
      fc.property(texts, (it) => {
        expect(ourCheck(it)).toBe(theirCheck(it));
      }),
      { numRuns: 500 },
    );
  });
});
