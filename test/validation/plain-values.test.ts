import { fastestValidator } from "argania/fastest-validator";
import fc from "fast-check";
import Validator from "fastest-validator";
import { describe, expect, it } from "vitest";

interface Maker {
  getRuleFromSchema(rule: unknown): object;
  compileRule(rule: object, context: object, path: string, call: string, target: string): string;
}
type Emitter = (this: unknown, ...args: unknown[]) => unknown;
type Check = (value: unknown) => unknown;

function checkOf(rules: object, validator = new Validator({ useNewCustomCheckerFunction: true })): Check {
  return fastestValidator(rules as { it: "any" }, { validator })["~standard"].validate;
}

/** What is no type of fastest-validator's own any more is never looked at before its emitter's code runs. */
function withoutShortcut(type: string): Validator {
  const validator = new Validator({ useNewCustomCheckerFunction: true });
  const rules = validator.rules as unknown as Record<string, Emitter>;
  const original = rules[type] as Emitter;
  rules[type] = function (...args) {
    return original.apply(this, args);
  };
  return validator;
}

const VALUE = fc.oneof(
  fc.constantFrom<unknown>(
    undefined,
    null,
    true,
    false,
    "",
    "a",
    "ab",
    "abc",
    "abcd",
    "1",
    " a ",
    {},
    [],
    ["a"],
  ),
  fc.constantFrom<unknown>(0, -0, 1, -1, 1.5, 2, 3, 10, Number.NaN, Number.POSITIVE_INFINITY, 1n),
  fc.constant(Object("a")),
  fc.double(),
);

describe("a value that is right as it came", () => {
  it.each<[string, object]>([
    ["string", {}],
    ["string", { min: 1, max: 3 }],
    ["string", { length: 2 }],
    ["string", { empty: false }],
    ["string", { empty: true, min: 2 }],
    ["string", { empty: false, max: 2, optional: true }],
    ["string", { trim: true, max: 2 }],
    ["string", { trim: false, nullable: true }],
    ["string", { enum: ["a", "ab"] }],
    ["string", { default: "ab", max: 1 }],
    ["number", {}],
    ["number", { min: 0, max: 2 }],
    ["number", { min: -1, integer: true }],
    ["number", { integer: false, equal: 1.5 }],
    ["number", { notEqual: 0 }],
    ["number", { positive: true, max: 3 }],
    ["number", { negative: true }],
    ["boolean", {}],
    ["boolean", { optional: true, nullable: true }],
  ])("is what the emitter of %s %j makes of it", (type, options) => {
    const rule = { type, ...options };
    for (const rules of [{ it: rule }, { it: { type: "array", items: rule } }]) {
      const [quick, full] = [checkOf(rules), checkOf(rules, withoutShortcut(type))];
      fc.assert(
        fc.property(VALUE, (value) => {
          for (const given of [value, [value, value]]) {
            expect(quick({ it: given })).toStrictEqual(full({ it: given }));
          }
        }),
        { numRuns: 150 },
      );
    }
  });

  it("still goes to the checkers of its rule", () => {
    const seen: unknown[] = [];
    const custom = (value: string): string => {
      seen.push(value);
      return `${value}!`;
    };
    const check = checkOf({ it: { type: "string", min: 1, custom } });
    expect(check({ it: "a" })).toEqual({ value: { it: "a!" } });
    expect(seen).toEqual(["a"]);
  });

  it.each([
    ["let result;", "result = context.fn[%%INDEX%%](value, field, parent, errors, context);", "a"],
    ["let result;", "result = context.fn[%%INDEX%%](value, field, parent, errors, context) + value;", "aa"],
    ["let result = 1;", "result = context.fn[%%INDEX%%](result, field, parent, errors, context);", undefined],
  ])("is not looked for in the code of a type of the user's own: %s %s", (before, call, wanted) => {
    const validator = new Validator({ useNewCustomCheckerFunction: true });
    validator.add("inner", function (this: Maker, _rule: unknown, path: string, context: object) {
      const code = this.compileRule(this.getRuleFromSchema("string"), context, path, call, "result");
      return { source: `${before} ${code} return result;` };
    });
    const result = checkOf({ it: "inner" }, validator)({ it: "a" });
    expect(result).toEqual(
      wanted === undefined
        ? { issues: [expect.objectContaining({ path: ["it"] })] }
        : { value: { it: wanted } },
    );
  });
});

describe("the copy of an object", () => {
  const check = checkOf({ b: "string", a: "number|optional", 1: "any|optional" });

  it.each([[{ a: 1, b: "b", 1: 0, c: 3 }], [{ b: "b" }], [{ a: 2, b: "b" }]])(
    "has the names of %j that there are rules for, in their order",
    (value) => {
      const before = structuredClone(value);
      const { value: copy } = check(value) as { value: object };
      const { c: _, ...wanted } = value as Record<string, unknown>;
      expect(copy).toEqual(wanted);
      expect(Object.keys(copy)).toEqual(["1", "b", "a"].filter((name) => Object.hasOwn(value, name)));
      expect(copy).not.toBe(value);
      expect(value).toEqual(before);
    },
  );
});

describe("$$strict", () => {
  const many = Array.from({ length: 40 }, (_, at) => `name${at}`);

  it.each<[readonly string[]]>([[[]], [["a"]], [["a", "constructor"]], [many]])(
    "refuses each name but %j, and none that is inherited",
    (names) => {
      const rules = { $$strict: true, ...Object.fromEntries(names.map((name) => [name, "number|optional"])) };
      const check = checkOf(rules);
      const right = Object.fromEntries(names.map((name) => [name, 1]));
      expect(check(right)).toEqual({ value: right });
      expect(check(Object.assign(Object.create({ inherited: 1 }), right))).toEqual({ value: right });
      const text = JSON.stringify({ x: 1, ...right, "name1 ": 2, A: 3 });
      const { issues } = check(JSON.parse(text)) as { issues: readonly { path: unknown[] }[] };
      expect(issues.map(({ path }) => path.join("."))).toEqual(["x", "name1 ", "A"]);
    },
  );
});
