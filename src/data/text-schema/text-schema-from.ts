import { schemaFrom } from "../schema-from.ts";
import type { StandardSchema } from "../standard-schema.ts";
import { TextSchema } from "./text-schema.ts";

/**
 * As `schemaFrom`, for values that consist of texts: they become numbers, booleans and arrays where the schema takes these and no
 * texts. Rules of fastest-validator know it by themselves; a Standard Schema does when it says what it takes, by Standard JSON
 * Schema. Any other gets the texts. By itself, so that who reads nothing but JSON need not load it.
 */
export function textSchemaFrom(schema: unknown, name: string): StandardSchema {
  return TextSchema.of(schemaFrom(schema, name, "text"));
}
