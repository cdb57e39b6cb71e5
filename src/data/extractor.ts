import type { MaybePromise } from "../common/maybe-promise.ts";
import type { Args } from "../request/args.ts";
import type { PathParams, RequestContext } from "../request/request-context.ts";

/**
 * A typed part of a request: the handler behind it runs only when it could be had.
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
}

/** What a list of extractors hands to the handler. */
export type Extracted<Extractors extends readonly unknown[]> = {
  -readonly [Index in keyof Extractors]: Extractors[Index] extends {
    extract(...parameters: never[]): infer Result;
  }
    ? Awaited<Result>
    : never;
};
