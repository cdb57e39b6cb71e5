import type { FullRule } from "./rule-reader.ts";

export type Messages = Readonly<Record<string, string>>;

/** In place of messages of fastest-validator that repeat values, which may be secrets. */
export const SAFE_MESSAGES: Messages = {
  arrayUnique: "The '{field}' field must not contain an item twice.",
  arrayEnum: "The '{field}' field contains an item that does not match any of the '{expected}' values.",
  objectStrict: "The '{field}' field is not allowed.",
  nesting: "The '{field}' field is nested too deep.",
};

/** Which option of the rule a message means by `{expected}`. */
const EXPECTED: Readonly<Record<string, string>> = {
  stringMin: "min",
  stringMax: "max",
  stringLength: "length",
  stringPattern: "pattern",
  stringContains: "contains",
  stringEnum: "enum",
  numberMin: "min",
  numberMax: "max",
  numberEqual: "equal",
  numberNotEqual: "notEqual",
  arrayMin: "min",
  arrayMax: "max",
  arrayLength: "length",
  arrayContains: "contains",
  arrayEnum: "enum",
  tupleLength: "items",
  enumValue: "values",
  equalValue: "value",
  equalField: "field",
  emailMin: "min",
  emailMax: "max",
  objectMinProps: "minProps",
  objectMaxProps: "maxProps",
  uuidVersion: "version",
  classInstanceOf: "instanceOf",
};

/** What a message means by `{expected}`, as far as the rule says it: known before any value is. */
export function expectedBy(rule: FullRule, type: string): string | undefined {
  const option = EXPECTED[type];
  const value = option === undefined ? undefined : rule[option];
  if (value === undefined) {
    return undefined;
  }
  if (type === "tupleLength") {
    return String((value as readonly unknown[]).length);
  }
  return typeof value === "function" ? value.name : Array.isArray(value) ? value.join(", ") : String(value);
}
