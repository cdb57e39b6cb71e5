import { type Extractor, headers, jsonBody, pathParams, queryParams, type StandardSchema } from "argania";
import { fastestValidator, type InferRules, type InferRulesInput } from "argania/fastest-validator";
import { assertType, type Equal } from "./expect-type.ts";

// Shorthands.
const user = jsonBody({
  name: "string|min:3|max:255",
  age: "number|integer|positive|convert|optional",
  nick: "string | nullable",
  note: "string|optional:true|nullable:true",
  role: "string|default:guest",
  level: "number|optional|default:1",
  tags: "string[]",
  grid: "number[][]|optional",
  at: "date",
  site: "url|no-empty",
  id: "uuid",
  mail: "email|normalize",
  mac: "mac",
  card: "luhn",
  price: "currency",
  on: "boolean|convert",
  what: "any",
  list: "array|items:number",
  open: "object",
  byName: "record",
  never: "forbidden",
});
interface User {
  name: string;
  age?: number;
  nick: string | null;
  note?: string | null;
  role: string;
  level: number;
  tags: string[];
  grid?: number[][];
  at: Date;
  site: string;
  id: string;
  mail: string;
  mac: string;
  card: string;
  price: string;
  on: boolean;
  what: unknown;
  list: number[];
  open: Record<string, unknown>;
  byName: Record<string, unknown>;
  never?: undefined;
}
assertType<Equal<Expand<Of<typeof user>>, Expand<User>>>();

// Options written out.
class Point {
  readonly x = 1;
}
class ObjectID {
  readonly hex: string = "";
  static isValid(): boolean {
    return true;
  }
}
const full = queryParams({
  role: { type: "enum", values: ["admin", "user", 3] },
  size: { type: "enum", values: ["s", "m"], default: "s" },
  unit: { type: "string", enum: ["cm", "in"], optional: true },
  letters: { type: "array", enum: ["a", "b"] },
  ids: { type: "array", items: "number|integer", min: 1 },
  nested: { type: "array", items: { type: "object", props: { a: "string" } } },
  pair: { type: "tuple", items: ["string", { type: "number" }] },
  maybePair: { type: "tuple", items: ["string"], empty: true },
  scores: { type: "record", key: "string|alpha", value: "number" },
  terms: { type: "equal", value: true },
  password: "string|min:8",
  confirm: { type: "equal", field: "password" },
  again: "equal|field:password|strict",
  point: { type: "class", instanceOf: Point },
  oid: { type: "objectID", ObjectID, convert: true },
  hex: { type: "objectID", ObjectID, convert: "hexString" },
  raw: { type: "objectID", ObjectID },
  either: { type: "multi", rules: ["string", "boolean"] },
  when: { type: "date", nullable: true },
  off: { type: "number", optional: false },
  zero: { type: "number", default: 0 },
  trimmed: { type: "string", custom: (value: string) => value.trim() },
  length: { type: "string", custom: (value: string) => value.length },
  checked: { type: "string", custom: (value, errors) => void (value === "" && errors.push({ type: "odd" })) },
  own: { type: "custom", check: (value: unknown) => String(value) },
});
interface Full {
  role: "admin" | "user" | 3;
  size: "s" | "m";
  unit?: "cm" | "in";
  letters: ("a" | "b")[];
  ids: number[];
  nested: { a: string }[];
  pair: [string, number];
  maybePair: [string] | [];
  scores: Record<string, number>;
  terms: true;
  password: string;
  confirm: string;
  again: string;
  point: Point;
  oid: ObjectID;
  hex: string;
  raw: unknown;
  either: string | boolean;
  when: Date | null;
  off: number;
  zero: number;
  trimmed: string;
  length: number;
  checked: string;
  own: string;
}
assertType<Equal<Expand<Of<typeof full>>, Expand<Full>>>();

// Nested objects and alternatives.
const nested = jsonBody({
  $$strict: true,
  address: { $$type: "object", street: "string", zip: { $$type: "object|optional", code: "number" } },
  billing: { $$type: "object|optional|nullable", $$strict: "remove", street: "string" },
  props: { type: "object", props: { x: "number", y: "number|optional" }, optional: true },
  properties: { type: "object", properties: { x: "number" }, nullable: true },
  id: ["string", "number|nullable"],
  maybe: ["string|optional", { type: "number", optional: true }],
  shape: [
    { $$type: "object", kind: { type: "equal", value: "circle" }, r: "number" },
    { $$type: "object", kind: { type: "equal", value: "square" }, side: "number" },
  ],
});
interface Nested {
  address: { street: string; zip?: { code: number } };
  billing?: { street: string } | null;
  props?: { x: number; y?: number };
  properties: { x: number } | null;
  id: string | number | null;
  maybe?: string | number;
  shape: { kind: "circle"; r: number } | { kind: "square"; side: number };
}
assertType<Equal<Expand<Of<typeof nested>>, Expand<Nested>>>();

// The root.
const list = jsonBody({ $$root: true, type: "array", items: { $$type: "object", a: "string" } });
assertType<Equal<Of<typeof list>, { a: string }[]>>();
const root = jsonBody({ $$root: true, type: "string", min: 3, optional: true });
assertType<Equal<Of<typeof root>, string | undefined>>();
const alternatives = jsonBody([{ $$type: "object", a: "string" }, "number[]"]);
assertType<Equal<Of<typeof alternatives>, { a: string } | number[]>>();
const later = jsonBody({ $$async: true, name: "string" }, { limit: 10 });
assertType<Equal<typeof later, Extractor<{ name: string }, object>>>();

// Every extractor, and the wrapper.
const id = pathParams({ id: "number|integer|positive" });
assertType<Equal<Of<typeof id>, { id: number }>>();
const given = headers({ "x-tenant": "string", "x-page": "number|optional" });
assertType<Equal<Of<typeof given>, { "x-tenant": string; "x-page"?: number }>>();
const wrapped = fastestValidator({ at: "date", n: "number|default:1" }, { messages: { required: "?" } });
assertType<
  Equal<typeof wrapped, StandardSchema<{ at: Date | string; n?: number }, { at: Date; n: number }>>
>();
const body = jsonBody(wrapped);
assertType<Equal<Of<typeof body>, { at: Date; n: number }>>();

// Rules in a constant.
const rules = { name: "string", kind: { type: "enum", values: ["a", "b"] } } as const;
assertType<Equal<InferRules<typeof rules>, { name: string; kind: "a" | "b" }>>();
assertType<
  Equal<InferRulesInput<{ at: "date"; n: "number|default:1" }>, { at: Date | string; n?: number }>
>();
const wide: { name: string } = { name: "string" };
const unknowns = jsonBody(wide);
assertType<Equal<Of<typeof unknowns>, { name: unknown }>>();

// A type that only a validator of one's own has.
assertType<
  Equal<InferRules<{ a: "username|max:100"; b: { type: "username" } }>, { a: unknown; b: unknown }>
>();

// @ts-expect-error No rule is a number.
jsonBody({ name: 5 });
// @ts-expect-error Nor within others.
fastestValidator({ name: "string" }, { message: {} });
// @ts-expect-error What there is no rule for is not there.
type Missing = InferRules<typeof rules>["other"];

type Of<E> = E extends Extractor<infer T, object> ? T : never;
/** Interfaces and what is computed are the same only as plain object types. */
type Expand<T> = { [Name in keyof T]: T[Name] };

export type { Missing };

// What checkers return is awaited; one that returns nothing leaves the value as it is; several follow one another.
type Checked = InferRules<{
  readonly $$async: true;
  readonly later: { readonly type: "custom"; readonly check: (value: unknown) => Promise<number> };
  readonly nothing: { readonly type: "custom"; readonly check: (value: unknown) => void };
  readonly laterNothing: { readonly type: "string"; readonly custom: (value: string) => Promise<void> };
  readonly sometimes: { readonly type: "string"; readonly custom: (value: string) => number | undefined };
  readonly one: { readonly type: "string"; readonly custom: readonly [(value: string) => number] };
  readonly two: {
    readonly type: "string";
    readonly custom: readonly [(value: string) => number, (value: number) => void];
  };
  readonly named: { readonly type: "string"; readonly custom: readonly ["compare|gte:10"] };
}>;
assertType<
  Equal<
    Checked,
    {
      later: number;
      nothing: unknown;
      laterNothing: string;
      sometimes: string | number;
      one: number;
      two: number;
      named: string;
    }
  >
>();
