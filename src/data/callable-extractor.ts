import type { MaybePromise } from "../common/maybe-promise.ts";
import type { PathParams, RequestContext } from "../request/request-context.ts";
import type { Extractor } from "./extractor.ts";
import type { Issue, StandardSchema } from "./standard-schema.ts";
import { assertStandardSchema, validate } from "./standard-schema.ts";

/** An extractor that can be used as it is, or called with a schema. */
export interface SchemaExtractor<T extends object> extends Extractor<T, object> {
  (): Extractor<T, object>;
  <Output>(schema: StandardSchema<unknown, Output>): Extractor<Output, object>;
}

/** Makes an extractor that takes `read`'s value as it is, or what a schema makes of it. */
export function schemaExtractor<T extends object>(
  name: string,
  read: (context: RequestContext<PathParams>) => T,
  fail: (issues: readonly Issue[]) => Error,
): SchemaExtractor<T> {
  const plain: Extractor<T, object> = { extract: read as (context: RequestContext<object>) => T };
  // A schema that is undefined, as one is too early in a circle of imports, must not mean "unchecked".
  const withSchema = <Output>(
    ...schemas: readonly [StandardSchema<unknown, Output>] | readonly []
  ): Extractor<T | Output, object> => {
    if (schemas.length === 0) {
      return plain;
    }
    const [schema] = schemas;
    assertStandardSchema(schema, name);
    return {
      extract: (context: RequestContext<object>): MaybePromise<Output> =>
        validate(schema, read(context as unknown as RequestContext), fail),
    };
  };
  Object.defineProperty(withSchema, "name", { value: name });
  return Object.assign(withSchema, plain) as SchemaExtractor<T>;
}
