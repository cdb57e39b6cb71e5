import { describeValue } from "../common/describe-value.ts";
import { FOR_TEXT, ruleCompiler, type SchemaSource, type TextAwareSchema } from "./rule-compiler.ts";
import { isStandardSchema, type StandardSchema } from "./standard-schema.ts";

/**
 * Whatever a user gives as a schema, made into a Standard Schema: the one door for every extractor that takes one.
 *
 * - A Standard Schema is taken as it is. Texts are converted for it by {@link textSchemaFrom}.
 * - A plain object (or an array of alternatives) is rules of fastest-validator, compiled here, once. For the source
 *   `text` they convert texts where a rule wants a number, a boolean, a date or an array.
 *
 * Check values with `validate(schema, value, fail)`. It does not change the value that it is given.
 *
 * Throws a `TypeError` for anything else, and for rules while `argania/fastest-validator` was not imported; a `RulesError`
 * (`ARGANIA_RULES`) for malformed rules, and a `CodeGenerationError` (`ARGANIA_CODE_GENERATION`) where code generation is
 * forbidden.
 *
 * @param name the function that the user called with the schema, for messages: `"jsonBody"`
 */
export function schemaFrom<Output>(
  schema: unknown,
  name: string,
  source: SchemaSource,
): StandardSchema<unknown, Output> {
  return resolve(schema, name, source) as StandardSchema<unknown, Output>;
}

function resolve(schema: unknown, name: string, source: SchemaSource): StandardSchema {
  if (isStandardSchema(schema)) {
    const forText = source === "text" ? (schema as Partial<TextAwareSchema>)[FOR_TEXT] : undefined;
    return forText === undefined ? schema : forText(name);
  }
  if (!mayBeRules(schema)) {
    throw new TypeError(
      `${name} takes a schema that follows Standard Schema, or rules of fastest-validator, not ${describeValue(schema)}: write ${name}(z.object({ … })) with zod (3.24 or later), valibot, arktype or another such library, or ${name} by itself.`,
    );
  }
  const compile = ruleCompiler();
  if (compile === undefined) {
    throw new TypeError(
      `${name} got ${describeValue(schema)} that does not follow Standard Schema. For rules of fastest-validator write import "argania/fastest-validator"; once, before the module that defines them; otherwise give ${name} a schema of zod (3.24 or later), valibot, arktype or another such library.`,
    );
  }
  return compile(schema, name, source);
}

/** Instances of classes are no rules: a schema of a library that does not follow the standard, for one. */
function mayBeRules(value: unknown): value is object {
  if (typeof value !== "object" || value === null) {
    return false;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null || Array.isArray(value);
}
