import type { FullRule } from "./rule-reader.ts";

/** Options that are not about what passes, or are dealt with around a rule's own code. */
const AROUND = ["type", "optional", "nullable", "default", "label", "messages", "custom", "convert"];

/**
 * The condition, as code, under which the emitter of a rule lets `value` through as it came; `undefined` where that takes more
 * than a few comparisons. What does not meet it may still be right: texts that are converted, for one.
 *
 * @param rule of a type that is fastest-validator's own
 */
export function plainCondition(rule: FullRule): string | undefined {
  const read = Object.hasOwn(BY_TYPE, rule.type) ? BY_TYPE[rule.type] : undefined;
  const conditions = Object.entries(rule)
    .filter(([name, value]) => value !== undefined && value !== null && !AROUND.includes(name))
    .map(([name, value]) => read?.options[name]?.(value));
  return read === undefined || conditions.includes(undefined)
    ? undefined
    : [read.isOfType, ...conditions].join(" && ");
}

interface PlainType {
  readonly isOfType: string;
  readonly options: Readonly<Record<string, (value: unknown) => string | undefined>>;
}

const comparedAs =
  (left: string, operator: string) =>
  (limit: unknown): string | undefined =>
    typeof limit === "number" ? `${left} ${operator} ${limit}` : undefined;

const whenSet =
  (condition: string) =>
  (isSet: unknown): string =>
    isSet === true ? condition : "true";

const BY_TYPE: Readonly<Record<string, PlainType>> = {
  boolean: { isOfType: 'typeof value === "boolean"', options: {} },
  number: {
    isOfType: "Number.isFinite(value)",
    options: {
      min: comparedAs("value", ">="),
      max: comparedAs("value", "<="),
      equal: comparedAs("value", "==="),
      notEqual: comparedAs("value", "!=="),
      integer: whenSet("Number.isInteger(value)"),
      positive: whenSet("value > 0"),
      negative: whenSet("value < 0"),
    },
  },
  string: {
    isOfType: 'typeof value === "string"',
    options: {
      empty: (mayBe) => (mayBe === false ? "value.length > 0" : undefined),
      min: comparedAs("value.length", ">="),
      max: comparedAs("value.length", "<="),
      length: comparedAs("value.length", "==="),
    },
  },
};
