import type { StandardSchema } from "./standard-schema.ts";

/**
 * Where values come from. All that a `text` can be is a string, or an array of them: path params, queries, headers,
 * cookies, fields of forms. `data` has types of its own, as JSON has.
 */
export type SchemaSource = "text" | "data";

/** Makes rules of fastest-validator a schema; `name` is the function that the user called. */
export type RuleCompiler = (rules: object, name: string, source: SchemaSource) => StandardSchema;

let registered: RuleCompiler | undefined;

/** What `argania/fastest-validator` does when it is imported: without it nobody pays for that package. */
export function registerRuleCompiler(compiler: RuleCompiler): void {
  registered = compiler;
}

export function ruleCompiler(): RuleCompiler | undefined {
  return registered;
}

/** A schema that has another form for texts has it under this name. */
export const FOR_TEXT: unique symbol = Symbol("argania.forText");

/** A schema that converts where texts come in, and not otherwise. */
export interface TextAwareSchema extends StandardSchema {
  readonly [FOR_TEXT]: (name: string) => StandardSchema;
}
