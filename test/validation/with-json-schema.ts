import type { StandardSchema } from "argania";

/** A schema that says what it takes, as Standard JSON Schema wants it: a value, or a function that makes it of the options. */
export function withJsonSchema<Output>(
  schema: StandardSchema<unknown, Output>,
  described: unknown,
): StandardSchema<unknown, Output> {
  const input = typeof described === "function" ? described : () => described;
  return { "~standard": { ...schema["~standard"], jsonSchema: { input, output: input } } } as never;
}
