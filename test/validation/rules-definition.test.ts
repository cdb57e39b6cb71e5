import {
  CodeGenerationError,
  headers,
  hostParams,
  jsonBody,
  pathParams,
  queryParams,
  RulesError,
} from "argania";
import { fastestValidator } from "argania/fastest-validator";
import { describe, expect, it } from "vitest";
import { runApp } from "../support/run-app.ts";

/** Rules that no type checker has seen. */
const untyped = (rules: unknown) => rules as { name: "string" };
type Make = (rules: unknown) => unknown;
const MAKERS = [jsonBody, queryParams, fastestValidator] as unknown as readonly Make[];

describe("malformed rules are refused at definition", () => {
  it.each<[string, unknown, string, string]>([
    ["an unknown type", { a: "strng" }, "a", 'the rule "a" has the type "strng", which there is not'],
    ["an unknown type inside", { a: { $$type: "object", b: "x[]" } }, "a.b.*", 'the type "x"'],
    ["an unknown option", { a: "string|mn:3" }, "a", 'has the option "mn", which there is not. There are'],
    ["an option of another type", { a: { type: "number", trim: true } }, "a", '"trim"'],
    [
      "an option of another kind",
      { a: { type: "string", min: "3" } },
      "a",
      'a string for "min": it takes a number',
    ],
    ["code for a number", { a: { type: "number", max: "0 || process.exit()" } }, "a", "it takes a number"],
    ["a limit that is none", { a: { type: "string", max: Number.NaN } }, "a", "it takes a number"],
    ["no type", { a: { min: 3 } }, "a", 'has no type: write { type: "string" }, or { $$type: "object"'],
    ["plain nested rules", { a: { b: "string" } }, "a", '$$type: "object"'],
    ["a number for a rule", { a: 3 }, "a", "is a number: write a text"],
    ["null for a rule", { a: null }, "a", "is null"],
    ["no alternatives", { a: [] }, "a", "an array of rules that is not empty"],
    ["a $$type that is no object", { a: { $$type: "string", b: "string" } }, "a", 'has the $$type "string"'],
    ["a misspelled meta", { $$stric: true, a: "string" }, "", "the rules have $$stric; there is only"],
    ["a misspelled meta inside", { a: { $$type: "object", $$root: true } }, "a", "has $$root"],
    ["a meta of another kind", { $$async: "yes" }, "", "$$async is true or false"],
    ["a strictness that there is not", { $$strict: "yes" }, "", '"remove" for "strict"'],
    ["an enum without values", { a: "enum" }, "a", 'needs the option "values"'],
    ["an enum with no values", { a: { type: "enum", values: [] } }, "a", "an array that is not empty"],
    ["a class without one", { a: { type: "class" } }, "a", 'needs the option "instanceOf"'],
    ["an objectID without a class", { a: { type: "objectID", ObjectID: {} } }, "a", "a class with isValid"],
    ["equal to nothing", { a: "equal" }, "a", 'needs the option "value" or "field"'],
    ["a regex that is none", { a: { type: "string", pattern: "(" } }, "a", "a pattern that is no regex"],
    ["a mode that there is not", { a: "email|mode:strict" }, "a", '"quick" or "precise"'],
    ["a checker that is none", { a: { type: "string", custom: "x" } }, "a", 'a string for "custom"'],
    [
      "a checker by a name that there is not",
      { a: { type: "string", custom: ["x"] } },
      "a",
      'the checker "x"',
    ],
    ["a message that is none", { a: { type: "string", messages: { string: 1 } } }, "a", '"messages"'],
    ["a later checker", { a: { type: "string", custom: async () => {} } }, "a", "write $$async: true"],
    ["a name that poisons", { ["__proto__"]: "string" }, "__proto__", "poisons prototypes"],
    [
      "a text for a number's default",
      { a: "number|default:abc" },
      "a",
      'has the string "abc" as the default',
    ],
    ["a default to convert", { a: { type: "number", default: "5", convert: true } }, "a", "would refuse"],
    ["a number for a text's default", { a: "string|default:5" }, "a", "has the number 5 as the default"],
    ["a default that is no member", { a: { type: "enum", values: ["a"], default: "z" } }, "a", '"z"'],
    ["a text for a date's default", { a: { type: "date", default: "2026-11-22" } }, "a", '"2026-11-22"'],
    ["a default item", { a: { type: "array", items: "number", default: ["x"] } }, "a", "has an array as"],
    ["an item that is no member", { a: { type: "array", enum: ["x"], default: ["y"] } }, "a", "an array"],
    [
      "a default that lacks a name",
      { a: { $$type: "object", b: { type: "object", default: {}, props: { c: "number" } } } },
      "a.b",
      "has an object as the default",
    ],
    ["tuples without rules", { a: { type: "tuple", items: [] } }, "a", "an array of rules that is not empty"],
  ])("%s", (_, rules, path, message) => {
    const refusals = MAKERS.map((make): RulesError => {
      try {
        make(rules);
      } catch (error) {
        return error as RulesError;
      }
      throw new Error("It was not refused.");
    });
    expect(refusals.map(({ message: text }) => text.split(":")[0])).toEqual([
      "jsonBody",
      "queryParams",
      "fastestValidator",
    ]);
    for (const error of refusals) {
      expect(error).toBeInstanceOf(RulesError);
      expect([error.code, error.paths, error.message]).toEqual([
        "ARGANIA_RULES",
        [path],
        expect.stringContaining(message),
      ]);
    }
  });

  it.each<[string, () => unknown, string]>([
    ["a wrapped one with another option", () => fastestValidator({}, { message: {} } as never), '"message"'],
    ["no rules", () => fastestValidator(untyped("string")), "not a string"],
    ["a date", () => jsonBody(untyped(new Date())), "not a Date"],
    ["a function", () => pathParams(untyped(() => {})), "not a function"],
    ["messages that are none", () => fastestValidator({}, { messages: { a: 1 } } as never), "not texts"],
  ])("%s is a TypeError", (_, act, message) => {
    expect(act).toThrow(TypeError);
    expect(act).toThrow(message);
  });

  it("that no headers could fit", () => {
    expect(() => headers({ "X-Tenant": "string" })).toThrow('write "x-tenant"');
    expect(() => headers({ $$strict: true, "x-a": "string" })).toThrow("would refuse each request");
    expect(() => headers({ $$strict: "remove", "x-a": "string" })).not.toThrow();
  });
});

describe("rules", () => {
  it.each<[string, unknown]>([
    ["a number", "number|min:1|default:0"],
    ["a text", { type: "string", default: "" }],
    ["a date", { type: "date", default: new Date(0) }],
    ["a member", { type: "enum", values: [1, "a"], default: 1 }],
    ["an alternative", { type: "multi", rules: ["number", "boolean"], default: true }],
    ["items", { type: "array", items: "string[]", default: [["x"], []] }],
    ["a tuple", { type: "tuple", items: ["string", "number|optional"], default: ["x"] }],
    ["values by name", { type: "record", value: "number", default: { a: 1 } }],
    ["an object", { type: "object", props: { a: "number|optional", b: "string" }, default: { b: "x" } }],
    ["what is made", { type: "number", default: () => "later" }],
    ["what a checker makes", { type: "number", default: "x", custom: (value: unknown) => value }],
    ["anything", { type: "any", default: 1 }],
    ["none", { type: "number", nullable: true, default: null }],
  ])("have %s as a default", (_, rule) => {
    expect(() => jsonBody(untyped({ a: rule }))).not.toThrow();
  });

  it("are not changed, and may be used again", () => {
    const shared = Object.freeze({ type: "string", min: 3 } as const);
    const rules = Object.freeze({
      $$async: true,
      $$strict: true,
      a: Object.freeze({ $$type: "object|optional", b: shared, c: shared }),
      list: Object.freeze({ type: "array", items: shared }),
    } as const);
    const before = JSON.stringify(rules);
    for (const make of [...MAKERS, pathParams as Make, hostParams as Make]) {
      make(rules);
      make(rules);
    }
    expect(JSON.stringify(rules)).toBe(before);
  });

  it("take options of their own for checkers, and texts that would end fastest-validator's code", () => {
    const odd = `"'\\\n${"`"}\${x}*/ //`;
    const schema = fastestValidator(
      {
        a: { type: "enum", values: [odd] },
        b: { type: "string", contains: odd, enum: [odd], optional: true },
        c: { type: "string", pattern: /"\\"\/\n|x/, optional: true, label: odd, messages: { required: odd } },
        [odd]: { type: "string", weight: 3, custom: (value: string) => value },
        d: { type: "equal", value: odd, optional: true },
        e: {
          type: "currency",
          currencySymbol: "$(",
          thousandSeparator: ".",
          decimalSeparator: ",",
          optional: true,
        },
        f: { $$type: "object|optional", [odd]: "string" },
      },
      { messages: { string: odd } },
    );
    const check = (value: unknown) => schema["~standard"].validate(value);
    const value = { a: odd, b: odd, c: "x", [odd]: "y", d: odd, e: "$(1.234,50", f: { [odd]: "z" } };
    expect(check(value)).toEqual({ value });
    expect(check({ ...value, b: "x", e: "$(1234,50" })).toMatchObject({
      issues: [{ path: ["b"] }, { path: ["b"] }, { path: ["e"] }],
    });
    expect(check({ ...value, f: { [odd]: 1 } })).toMatchObject({
      issues: [{ path: ["f", expect.any(String)] }],
    });
  });
});

describe("where code generation is forbidden", () => {
  it("rules are refused, and other schemas are not", async () => {
    const app = await runApp(
      new URL("no-code-generation-app.ts", import.meta.url),
      {},
      {
        execArgv: ["--disallow-code-generation-from-strings"],
      },
    );
    const { code } = await app.exit;
    expect(JSON.parse(app.output())).toEqual({
      code: "ARGANIA_CODE_GENERATION",
      isOurs: true,
      message: expect.stringContaining(
        "jsonBody: fastest-validator compiles its rules into code, which this runtime forbids",
      ),
      wrapped: "ARGANIA_CODE_GENERATION",
      cause: "EvalError",
      answer: { a: 1 },
    });
    expect(code).toBe(0);
    expect(new CodeGenerationError("x").code).toBe("ARGANIA_CODE_GENERATION");
  });
});
