/** Of which kind the value of an option must be. */
export type OptionKind =
  | "number"
  | "boolean"
  | "text"
  | "pattern"
  | "list"
  | "rule"
  | "rule or list of rules"
  | "list of rules"
  | "rules by name"
  | "function"
  | "anything";

const CONVERT = { convert: "boolean" } as const;
const SIZE = { min: "number", max: "number" } as const;
const FLAGS =
  "empty numeric alpha alphanum alphadash hex singleLine base64 trim trimLeft trimRight lowercase uppercase localeLowercase localeUppercase";
const ALL_TYPES: Readonly<Record<string, OptionKind>> = {
  type: "text",
  optional: "boolean",
  nullable: "boolean",
  default: "anything",
  label: "text",
  messages: "anything",
  custom: "anything",
};

/**
 * The options of the types that fastest-validator 1.19 has of its own. It ignores what it does not know, so that a misspelled limit
 * would be none, and writes numbers into its code as they are.
 */
const BY_TYPE: Readonly<Record<string, Readonly<Record<string, OptionKind>>>> = {
  any: {},
  array: {
    ...CONVERT,
    ...SIZE,
    length: "number",
    empty: "boolean",
    contains: "anything",
    unique: "boolean",
    enum: "list",
    items: "rule",
  },
  boolean: CONVERT,
  class: { instanceOf: "function" },
  currency: {
    currencySymbol: "text",
    symbolOptional: "boolean",
    thousandSeparator: "text",
    decimalSeparator: "text",
    customRegex: "pattern",
  },
  custom: { check: "function" },
  date: CONVERT,
  email: { ...SIZE, empty: "boolean", mode: "text", normalize: "boolean" },
  enum: { values: "list" },
  equal: { value: "anything", field: "text", strict: "boolean" },
  forbidden: { remove: "boolean" },
  function: {},
  luhn: {},
  mac: {},
  multi: { rules: "list of rules" },
  number: {
    ...CONVERT,
    ...SIZE,
    equal: "number",
    notEqual: "number",
    integer: "boolean",
    positive: "boolean",
    negative: "boolean",
  },
  object: {
    strict: "anything",
    properties: "rules by name",
    props: "rules by name",
    minProps: "number",
    maxProps: "number",
  },
  objectID: { ObjectID: "anything", convert: "anything" },
  record: { key: "rule", value: "rule" },
  string: {
    ...CONVERT,
    ...SIZE,
    ...Object.fromEntries(FLAGS.split(" ").map((name) => [name, "boolean" as const])),
    length: "number",
    pattern: "pattern",
    patternFlags: "text",
    contains: "text",
    enum: "list",
    padStart: "number",
    padEnd: "number",
    padChar: "text",
  },
  tuple: { empty: "boolean", items: "list of rules" },
  url: { empty: "boolean" },
  uuid: { version: "number" },
};

/** Options without which a rule would throw for the first request. */
const REQUIRED: Readonly<Record<string, string>> = {
  class: "instanceOf",
  custom: "check",
  enum: "values",
  multi: "rules",
  objectID: "ObjectID",
};

/** The options of a built-in type and their kinds; `undefined` for a type of the user's own. */
export function optionsOf(type: string): Readonly<Record<string, OptionKind>> | undefined {
  const own = Object.hasOwn(BY_TYPE, type) ? BY_TYPE[type] : undefined;
  return own && { ...ALL_TYPES, ...own };
}

export function requiredOption(type: string): string | undefined {
  return REQUIRED[type];
}

/** Whether the value of an option is of its kind. Rules inside are looked at by themselves. */
export function isOfKind(value: unknown, kind: OptionKind): boolean {
  switch (kind) {
    case "number":
      return typeof value === "number" && Number.isFinite(value);
    case "boolean":
    case "function":
      return typeof value === kind;
    case "text":
      return typeof value === "string";
    case "pattern":
      return typeof value === "string" || value instanceof RegExp;
    case "list":
    case "list of rules":
      return Array.isArray(value) && value.length > 0;
    case "rules by name":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    default:
      return true;
  }
}
