import { jsonBody, queryParams } from "argania";
import { type FastestValidatorOptions, fastestValidator } from "argania/fastest-validator";
import Validator from "fastest-validator";
import { describe, expect, it } from "vitest";
import { issuesOf, serve } from "./serve.ts";

describe("the wrapped validator", () => {
  const schema = fastestValidator({ name: "string|trim", at: "date|optional", list: "number[]|optional" });

  it("is a Standard Schema", () => {
    const standard = schema["~standard"];
    expect([standard.version, standard.vendor]).toEqual([1, "fastest-validator"]);
    expect(standard.validate({ name: " a ", at: "2026-11-21" })).toEqual({
      value: { name: "a", at: new Date("2026-11-21") },
    });
    expect(standard.validate({ name: 1, list: [1, "x"] })).toEqual({
      issues: [
        { path: ["name"], message: "The 'name' field must be a string." },
        { path: ["list", 1], message: "The 'list.1' field must be a number." },
      ],
    });
  });

  it("changes nothing of the value that it is given", () => {
    const everything = fastestValidator({
      name: "string|trim|default:x",
      list: { type: "array", items: "number|convert" },
      pair: { type: "tuple", items: ["string|trim"] },
      nested: { $$type: "object", a: "string|default:y", $$strict: "remove" },
      byName: { type: "record", key: "string|lowercase", value: "string|trim" },
      either: [
        { $$type: "object", a: "string|trim", b: "number" },
        { $$type: "object", a: "string" },
      ],
      kept: { $$type: "object", $$strict: false, a: "string|trim" },
      any: "object",
    });
    const value = {
      list: ["1", 2],
      pair: [" a "],
      nested: { z: 1 },
      byName: { A: " a " },
      either: { a: " a " },
      kept: { a: " a ", z: 1 },
      any: { z: 1 },
    };
    const before = JSON.stringify(value);
    const frozen = deepFrozen(value);
    expect(everything["~standard"].validate(frozen)).toEqual({
      value: {
        name: "x",
        list: [1, 2],
        pair: ["a"],
        nested: { a: "y" },
        byName: { a: "a" },
        either: { a: " a " },
        kept: { a: "a", z: 1 },
        any: { z: 1 },
      },
    });
    expect(JSON.stringify(value)).toBe(before);
  });

  it("leaves values of classes what they are", () => {
    const file = new Blob(["x"]);
    const files = fastestValidator({
      file: { type: "class", instanceOf: Blob },
      other: "object",
      any: "any",
    });
    const { value } = files["~standard"].validate({ file, other: file, any: file }) as { value: object };
    expect(Object.values(value).every((each) => each === file)).toBe(true);
    expect(files["~standard"].validate({ file: {}, other: 1, any: 1 })).toMatchObject({
      issues: [{ path: ["file"] }, { path: ["other"] }],
    });
  });
});

function deepFrozen<T extends object>(value: T): T {
  for (const inner of Object.values(value)) {
    if (typeof inner === "object" && inner !== null) {
      deepFrozen(inner);
    }
  }
  return Object.freeze(value);
}

describe("messages", () => {
  const issues = async (options: FastestValidatorOptions, body: object = {}) => {
    const rules = {
      a: "string|min:3",
      b: { type: "number", label: "The number", messages: { required: "{field} is missing." }, max: 5 },
    } as const;
    return issuesOf(await serve(jsonBody(fastestValidator(rules, options))).post(body));
  };

  it("are fastest-validator's, the validator's, the option's, the rule's", async () => {
    const messages = { required: "{field}?", stringMin: "{field} < {expected}" };
    expect(await issues({})).toEqual(["a: The 'a' field is required.", "b: The number is missing."]);
    expect(await issues({ messages })).toEqual(["a: a?", "b: The number is missing."]);
    expect(await issues({ validator: { messages: { required: "None." } } })).toEqual([
      "a: None.",
      "b: The number is missing.",
    ]);
    const both = {
      validator: new Validator({ useNewCustomCheckerFunction: true, messages: { required: "1" } }),
      messages,
    };
    expect(await issues(both, { a: "x", b: 6 })).toEqual([
      "a: a < 3",
      "b: The 'The number' field must be less than or equal to 5.",
    ]);
  });

  it("take dollars for what they are", async () => {
    expect(await issues({ messages: { required: "$& $1 {field} $$" } })).toEqual([
      "a: $& $1 a $$",
      "b: The number is missing.",
    ]);
  });
});

describe("a validator of one's own", () => {
  // Its types lack customFunctions.
  const validator = new Validator({
    useNewCustomCheckerFunction: true,
    aliases: { username: { type: "string", min: 3, trim: true } },
    customFunctions: {
      even: (value: number, errors: { type: string }[]) => {
        if (value % 2 !== 0) {
          errors.push({ type: "even" });
        }
        return value;
      },
    },
    messages: { even: "{field} is odd.", odd: "{field} is even." },
    defaults: { object: { strict: true } },
  } as object);
  validator.add("odd", function (
    this: { makeError(parts: object): string },
    { messages }: { messages: object },
  ) {
    const error = this.makeError({
      type: "odd",
      messages,
    });
    return { source: `if (value % 2 === 0) ${error} return value;` };
  } as never);

  const schema = fastestValidator(
    { name: "username|max:5", n: { type: "number", custom: ["even"] }, m: "odd", list: "odd[]|optional" },
    { validator },
  );

  it("lends its aliases, types, functions, defaults and messages", async () => {
    const app = serve(jsonBody(schema));
    expect((await app.post({ name: " abc ", n: 2, m: 1 })).body).toEqual({ name: "abc", n: 2, m: 1 });
    expect(issuesOf(await app.post({ name: "abcdef", n: 1, m: 2, list: [1, 2], x: 1 }))).toEqual([
      "x: The 'x' field is not allowed.",
      "name: The 'name' field length must be less than or equal to 5 characters long.",
      "n: n is odd.",
      "m: m is even.",
      "list.1: list.1 is even.",
    ]);
    expect((await serve(queryParams(schema)).get("/?name=abc&n=2&m=1&list=1")).body).toEqual({
      name: "abc",
      n: 2,
      m: "1",
      list: ["1"],
    });
  });

  it("is not changed", () => {
    const fresh = new Validator({ useNewCustomCheckerFunction: true });
    fastestValidator({ a: "email", b: "luhn" }, { validator: fresh });
    expect(fresh.rules).toEqual(new Validator().rules);
    expect(Object.keys(fresh).sort()).toEqual(Object.keys(new Validator()).sort());
  });

  it.each([
    [{ validator: { considerNullAsAValue: true } }, "nullable: true"],
    [{ validator: new Validator() }, "useNewCustomCheckerFunction: true"],
  ])("is refused when types or checkers would be wrong", (options, message) => {
    expect(() => fastestValidator({ a: "string" }, options)).toThrow(message);
  });

  it("tells every failure, whatever it says of the first", async () => {
    const halting = fastestValidator({ a: "string", b: "string" }, { validator: { haltOnFirstError: true } });
    expect(issuesOf(await serve(jsonBody(halting)).post({}))).toHaveLength(2);
  });
});
