import type { StandardSchema } from "../standard-schema.ts";

/** The part of Standard JSON Schema v1 that is needed here. Source: https://standardschema.dev/json-schema */
interface StandardJsonSchema {
  readonly input: (options: { readonly target: string; readonly libraryOptions?: object }) => unknown;
}

/** Whether a schema can say what it takes. zod before 4.2, and valibot without its package for JSON Schema, cannot. */
export function saysInput(schema: StandardSchema): boolean {
  return typeof jsonSchemaOf(schema)?.input === "function";
}

/** What a schema takes, as JSON Schema. Throws what its library throws for what it cannot say. */
export function jsonSchemaInput(schema: StandardSchema): unknown {
  const { vendor } = schema["~standard"];
  const libraryOptions = Object.hasOwn(OPTIONS, vendor) ? OPTIONS[vendor] : undefined;
  const target = "draft-2020-12";
  return jsonSchemaOf(schema)?.input(libraryOptions === undefined ? { target } : { target, libraryOptions });
}

function jsonSchemaOf(schema: StandardSchema): StandardJsonSchema | undefined {
  return (schema["~standard"] as { readonly jsonSchema?: StandardJsonSchema }).jsonSchema;
}

/** So that one place of which a library cannot say what it takes does not hide the others. */
const OPTIONS: Readonly<Record<string, object>> = {
  // What its `.meta()` says would otherwise stand in place of what it takes.
  zod: { unrepresentable: "any", override: correctZod, metadata: { get: () => undefined } },
  valibot: { errorMode: "ignore", overrideSchema: correctValibot },
  arktype: { fallback: { default: baseOfArktype, unit: unitOfArktype } },
};

interface ZodNode {
  readonly _zod: {
    readonly def: {
      readonly type?: string;
      readonly coerce?: boolean;
      readonly in?: ZodNode;
      readonly catchall?: ZodNode;
    };
  };
}

/**
 * zod describes `z.coerce.number()` and `z.preprocess(…, z.number())` by what they make, but they take anything, texts above
 * all: `z.coerce.boolean()` must see the text itself. `z.undefined()` takes nothing that a text could be. What stands in for a
 * value tells nothing of what is taken, and zod fails on a BigInt there.
 */
function correctZod({
  zodSchema,
  jsonSchema,
}: {
  zodSchema: ZodNode;
  jsonSchema: Record<string, unknown>;
}): void {
  const { type, coerce, in: input, catchall } = zodSchema._zod.def;
  delete jsonSchema.default;
  const isPreprocessed = type === "pipe" && input?._zod.def.type === "transform";
  if (coerce === true || isPreprocessed) {
    for (const keyword of Object.keys(jsonSchema)) {
      delete jsonSchema[keyword];
    }
  } else if (type === "undefined" || type === "void") {
    jsonSchema.not = {};
  } else if (type === "object" && catchall === undefined) {
    // It leaves out what it does not name.
    jsonSchema.additionalProperties = false;
  }
}

/** `v.object()`, unlike `v.looseObject()`, leaves out what it does not name, and is described as the other is. */
function correctValibot({
  valibotSchema,
  jsonSchema,
}: {
  valibotSchema: { readonly type?: string };
  jsonSchema: object;
}): object | undefined {
  return valibotSchema.type === "object" ? { additionalProperties: false, ...jsonSchema } : undefined;
}

/** As much of a type as can be said; before 2.2 it throws for the rest by itself. */
function baseOfArktype({ base }: { base: object }): object {
  return base;
}

/** `number | undefined` in arktype: what is undefined would otherwise be described as anything. */
function unitOfArktype({ unit, base }: { unit: unknown; base: object }): object {
  return unit === undefined ? { not: {} } : base;
}
