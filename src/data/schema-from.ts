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
 * @param option the option of that function which the schema is, where it is one
 */
export function schemaFrom<Output>(
  schema: unknown,
  name: string,
  source: SchemaSource,
  option?: string,
): StandardSchema<unknown, Output> {
  const call = (written: string) =>
    `${name}(${option === undefined ? written : `{ ${option}: ${written} }`})`;
  return resolve(schema, name, source, call) as StandardSchema<unknown, Output>;
}

/** How a call with a schema is written. */
type CallWith = (written: string) => string;

function resolve(schema: unknown, name: string, source: SchemaSource, call: CallWith): StandardSchema {
  if (isStandardSchema(schema)) {
    const forText = source === "text" ? (schema as Partial<TextAwareSchema>)[FOR_TEXT] : undefined;
    return forText === undefined ? schema : forText(name);
  }
  if (!mayBeRules(schema)) {
    throw new TypeError(
      `${name} takes a schema that follows Standard Schema, or rules of fastest-validator, not ${describeValue(schema)}: write ${call("z.object({ … })")} with zod (3.24 or later), valibot, arktype or another such library, or ${name} by itself.`,
    );
  }
  refuseLookalikes(schema, name, call);
  const compile = ruleCompiler();
  if (compile === undefined) {
    throw new TypeError(
      `${name} got ${describeValue(schema)} that does not follow Standard Schema. For rules of fastest-validator write import "argania/fastest-validator"; once, before the module that defines them; otherwise give ${name} a schema of zod (3.24 or later), valibot, arktype or another such library.`,
    );
  }
  return compile(schema, name, source);
}

/** What people write for a schema, and what would be read as rules of fastest-validator. */
function refuseLookalikes(schema: object, name: string, call: CallWith): void {
  if (Array.isArray(schema)) {
    return;
  }
  const found = Object.entries(schema).find(([, value]) => isStandardSchema(value));
  if (found !== undefined) {
    const [field, value] = found as [string, StandardSchema];
    const { vendor } = value["~standard"];
    const whole =
      vendor === "valibot" ? "v.object({ … })" : vendor === "arktype" ? "type({ … })" : "z.object({ … })";
    throw new TypeError(
      `${name} got a plain object whose "${field}" is a schema of ${vendor}: write ${whole} around it, ${call(whole)}.`,
    );
  }
  if (isJsonSchema(schema)) {
    throw new TypeError(
      `${name} got what looks like a JSON Schema: give it one that follows Standard Schema, as in ${call("z.object({ … })")}, or what z.fromJSONSchema(…) of zod makes of it.`,
    );
  }
}

/** Not what is rules for fields of these names, or for a whole value. */
function isJsonSchema(schema: object): boolean {
  const { $schema, $$root, properties } = schema as Readonly<Record<string, unknown>>;
  if (typeof $schema === "string" && /json-schema/.test($schema)) {
    return true;
  }
  if ($$root !== undefined || typeof properties !== "object" || properties === null) {
    return false;
  }
  const { type, $$type } = properties as Readonly<Record<string, unknown>>;
  return (schema as { type?: unknown }).type === "object" && typeof type !== "string" && $$type === undefined;
}

/** Instances of classes are no rules: a schema of a library that does not follow the standard, for one. */
function mayBeRules(value: unknown): value is object {
  if (typeof value !== "object" || value === null) {
    return false;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null || Array.isArray(value);
}
