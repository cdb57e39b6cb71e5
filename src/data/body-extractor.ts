import { assertNoMore } from "../common/assert-no-more.ts";
import { describeValue } from "../common/describe-value.ts";
import type { MaybePromise } from "../common/maybe-promise.ts";
import type { RequestContext } from "../request/request-context.ts";
import { assertByteCount } from "./body-limit.ts";
import type { Extractor } from "./extractor.ts";
import type { InferRules } from "./infer-rules.ts";
import type { Rules } from "./rule-types.ts";
import { schemaFrom } from "./schema-from.ts";
import { type Issue, type StandardSchema, validate } from "./standard-schema.ts";

/** What an extractor of a body can be told besides its schema. */
export interface BodyOptions {
  /** How many bytes the body may have at most, whatever {@link bodyLimit} is there. */
  readonly limit?: number;
}

/** An extractor of a body that can be used as it is, or called with a schema. */
export interface BodyExtractor<out T> extends Extractor<T, object> {
  (): Extractor<T, object>;
  /** With a Standard Schema, of zod, valibot, arktype and others: what the schema makes of the value. */
  <Output>(schema: StandardSchema<unknown, Output>, options?: BodyOptions): Extractor<Output, object>;
  /** With rules of fastest-validator, after `import "argania/fastest-validator"`. */
  <const R extends Rules>(rules: R, options?: BodyOptions): Extractor<InferRules<R>, object>;
  // Compilers tell what is wrong with a call by the last of its forms.
  (schema: StandardSchema | Rules, options?: BodyOptions): Extractor<unknown, object>;
  /** The same with a limit of its own, in bytes: as it is, or called with a schema. */
  withLimit(bytes: number): BodyExtractor<T>;
}

/** Reads a body and hands its value to `convert`. */
export type ReadValue<T> = <Result>(
  context: RequestContext<object>,
  limit: number | undefined,
  convert: (value: T) => MaybePromise<Result>,
) => MaybePromise<Result>;

/** Makes what a user gives a schema; `name` is the function that he called with it. */
export type ToSchema = (schema: unknown, name: string) => StandardSchema;

export const dataSchemaFrom: ToSchema = (schema, name) => schemaFrom(schema, name, "data");

/**
 * Makes an extractor that takes `read`'s value as it is, or what a schema makes of it.
 *
 * @param toSchema {@link textSchemaFrom} for bodies that consist of texts, as forms do
 */
export function bodyExtractor<T>(
  name: string,
  read: ReadValue<T>,
  fail: (issues: readonly Issue[]) => Error,
  toSchema: ToSchema = dataSchemaFrom,
  limit?: number,
): BodyExtractor<T> {
  const plain: Extractor<T, object> = {
    extract: (context) => read(context, limit, (value) => value),
    readsBody: name,
  };
  // A schema that is undefined, as one is too early in a circle of imports, must not mean "unchecked".
  const withSchema = (...args: readonly unknown[]): Extractor<unknown, object> => {
    if (args.length === 0) {
      return plain;
    }
    const [given, options, ...more] = args;
    assertNoMore(more, `${name} takes a schema and options`, `${name}(schema, { limit: 10_000 })`);
    if (isOptions(given)) {
      throw new TypeError(`${name} takes a schema first: for a limit alone write ${name}.withLimit(10_000).`);
    }
    const schema = toSchema(given, name);
    const bytes = args.length > 1 ? (limitIn(options, name) ?? limit) : limit;
    return {
      extract: (context) => read(context, bytes, (value) => validate(schema, value, fail)),
      readsBody: name,
    };
  };
  Object.defineProperty(withSchema, "name", { value: name });
  return Object.assign(withSchema, plain, {
    withLimit: (bytes: number): BodyExtractor<T> => {
      assertByteCount(bytes, `${name}.withLimit(…)`);
      return bodyExtractor(name, read, fail, toSchema, bytes);
    },
  }) as BodyExtractor<T>;
}

/** A limit that is no rule: neither a text nor an object. */
function isOptions(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    "limit" in value &&
    typeof value.limit !== "string" &&
    typeof value.limit !== "object"
  );
}

/** A misspelled option would be a limit that is not there. */
function limitIn(options: unknown, name: string): number | undefined {
  const isObject = typeof options === "object" && options !== null;
  if (!isObject || Object.keys(options).some((key) => key !== "limit")) {
    const given = isObject ? `has ${JSON.stringify(Object.keys(options))}` : `is ${describeValue(options)}`;
    throw new TypeError(`The second argument of ${name} ${given}: write ${name}(schema, { limit: 10_000 }).`);
  }
  if (!("limit" in options)) {
    return undefined;
  }
  assertByteCount(options.limit, `${name}(schema, { limit })`);
  return options.limit;
}
