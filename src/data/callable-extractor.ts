import { assertNoMore } from "../common/assert-no-more.ts";
import type { MaybePromise } from "../common/maybe-promise.ts";
import type { PathParams, RequestContext } from "../request/request-context.ts";
import type { Extractor } from "./extractor.ts";
import type { InferRules } from "./infer-rules.ts";
import type { Rules } from "./rule-types.ts";
import { type Issue, type StandardSchema, validate } from "./standard-schema.ts";
import { textSchemaFrom } from "./text-schema/text-schema-from.ts";

/** An extractor that can be used as it is, or called with a schema. */
export interface SchemaExtractor<out T extends object> extends Extractor<T, object> {
  (): Extractor<T, object>;
  /** With a Standard Schema, of zod, valibot, arktype and others: what the schema makes of the texts. */
  <Output>(schema: StandardSchema<unknown, Output>): Extractor<Output, object>;
  /** With rules of fastest-validator, after `import "argania/fastest-validator"`. */
  <const R extends Rules>(rules: R): Extractor<InferRules<R>, object>;
  // Compilers tell what is wrong with a call by the last of its forms.
  (schema: StandardSchema | Rules): Extractor<unknown, object>;
}

/**
 * Makes an extractor that takes `read`'s value, which consists of texts, as it is, or what a schema makes of it. `assertFits` throws
 * for a schema that cannot be meant.
 */
export function schemaExtractor<T extends object>(
  name: string,
  read: (context: RequestContext<PathParams>) => T,
  fail: (issues: readonly Issue[], values: T, schema: StandardSchema, context: RequestContext) => Error,
  assertFits: (schema: unknown) => void = () => {},
): SchemaExtractor<T> {
  const plain: Extractor<T, object> = { extract: read as (context: RequestContext<object>) => T };
  // A schema that is undefined, as one is too early in a circle of imports, must not mean "unchecked".
  const withSchema = (...schemas: readonly unknown[]): Extractor<unknown, object> => {
    if (schemas.length === 0) {
      return plain;
    }
    assertNoMore(schemas.slice(1), `${name} takes a schema`, `${name}(schema)`);
    assertFits(schemas[0]);
    const schema = textSchemaFrom(schemas[0], name);
    return {
      extract(context: RequestContext<object>): MaybePromise<unknown> {
        const request = context as unknown as RequestContext;
        const values = read(request);
        return validate(schema, values, (issues) => fail(issues, values, schema, request));
      },
    };
  };
  Object.defineProperty(withSchema, "name", { value: name });
  return Object.assign(withSchema, plain) as SchemaExtractor<T>;
}
