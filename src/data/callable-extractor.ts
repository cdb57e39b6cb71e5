import type { MaybePromise } from "../common/maybe-promise.ts";
import type { PathParams, RequestContext } from "../request/request-context.ts";
import type { Extractor } from "./extractor.ts";
import type { Issue, StandardSchema } from "./standard-schema.ts";
import { validate } from "./standard-schema.ts";

/** An extractor that can be used as it is, or called with a schema. */
export interface SchemaExtractor<T extends object> extends Extractor<T, object> {
  (): Extractor<T, object>;
  <Output>(schema: StandardSchema<unknown, Output>): Extractor<Output, object>;
}

/** Makes an extractor that takes `read`'s value as it is, or what a schema makes of it. */
export function schemaExtractor<T extends object>(
  read: (context: RequestContext<PathParams>) => T,
  fail: (issues: readonly Issue[]) => Error,
): SchemaExtractor<T> {
  const plain: Extractor<T, object> = { extract: read as (context: RequestContext<object>) => T };
  const withSchema = <Output>(schema?: StandardSchema<unknown, Output>): Extractor<T | Output, object> =>
    schema === undefined
      ? plain
      : {
          extract: (context: RequestContext<object>): MaybePromise<Output> =>
            validate(schema, read(context as unknown as RequestContext), fail),
        };
  return Object.assign(withSchema, plain) as SchemaExtractor<T>;
}
