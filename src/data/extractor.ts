import { describeValue } from "../common/describe-value.ts";
import type { MaybePromise } from "../common/maybe-promise.ts";
import type { Args } from "../request/args.ts";
import type { PathParams, RequestContext } from "../request/request-context.ts";

/** Says to the type checker, and only to it, that what an extractor finds are the params of the route. */
export interface GivingParams {
  readonly givesParams?: true;
}

/**
 * A typed part of a request: the handler behind it runs only when it could be had.
 *
 * One that reads params says which, `Extractor<Note, { id: string }>`; a route without them does not compile.
 *
 * @example
 * ```ts
 * const bearer: Extractor<string> = {
 *   extract: (context) => {
 *     const token = /^Bearer (.+)$/.exec(context.header("authorization") ?? "")?.[1];
 *     if (token === undefined) throw new ResponseError(401);
 *     return token;
 *   },
 * };
 * resource.setHandlerFor(_get.to([bearer], (token) => json(decode(token))));
 * ```
 */
export interface Extractor<T, Params extends object = PathParams> {
  extract(context: RequestContext<Params>, args: Args): MaybePromise<T>;
  /** @internal Sees what the handler has returned, before a response is made of it; throws for what cannot be meant. */
  checkResult?(result: unknown, context: RequestContext<object>): void;
  /** @internal What users call it, if it takes the body: a second one in a row would find none. */
  readonly readsBody?: string;
}

/** Whether a value can be used as an extractor: some are functions too, as `queryParams` is. */
export function isExtractor(value: unknown): value is Extractor<unknown> {
  return (
    ((typeof value === "object" && value !== null) || typeof value === "function") &&
    typeof (value as Partial<Extractor<unknown>>).extract === "function"
  );
}

/** Throws a `TypeError` that says `where` when `value` is no extractor. */
export function assertExtractor(value: unknown, where: string): asserts value is Extractor<unknown> {
  if (!isExtractor(value)) {
    // By the name alone: what knows schemas is not in the bundle of an app without any.
    const isSchema = (value as { "~standard"?: unknown } | null | undefined)?.["~standard"] !== undefined;
    const advice = isSchema
      ? " A schema goes into one: jsonBody(schema), queryParams(schema)."
      : typeof value === "function" && value.name !== ""
        ? ` If it makes one, call it: ${value.name}(…).`
        : "";
    throw new TypeError(
      `An extractor is an object with extract(context, args), as header("x-name") returns it; ${where} is ${describeValue(value)}.${advice}`,
    );
  }
}

/** What a list of extractors hands to the handler. */
export type Extracted<Extractors extends readonly unknown[], Params extends object = PathParams> = {
  -readonly [Index in keyof Extractors]: Extractors[Index] extends {
    extract(...parameters: never[]): infer Result;
  }
    ? Extractors[Index] extends GivingParams
      ? Readonly<NoInfer<Params>>
      : Awaited<Result>
    : never;
};
