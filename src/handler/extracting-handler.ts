import { isPromiseLike } from "../common/maybe-promise.ts";
import { assertExtractor, type Extracted, type Extractor } from "../data/extractor.ts";
import type { WantingParams } from "../data/params-extractor.ts";
import type { Args } from "../request/args.ts";
import type { RequestContext } from "../request/request-context.ts";
import type { IntoResponse } from "../response/into-response.ts";
import type { RawHandler } from "./handler.ts";

/** A handler that takes what extractors found, then the context and the args. */
export type ExtractingHandler<
  Extractors extends readonly unknown[],
  Params extends object,
  NodeExtension,
  HandlerExtension,
> = (
  ...values: [
    ...Extracted<Extractors, Params>,
    context: RequestContext<Params>,
    args: Args<NodeExtension, HandlerExtension>,
  ]
) => IntoResponse | Promise<IntoResponse>;

/**
 * What a route must have for a handler behind extractors. Where its pattern is known only at run time, so are the names that it
 * has.
 */
export type RouteParams<Params extends object, Wanted> = unknown extends Wanted
  ? Params
  : string extends keyof Params
    ? Params
    : Params & Wanted;

/** The params that extractors read by name; `unknown` for those that read none. */
export type WantedParams<Extractors extends readonly unknown[]> = Extractors extends readonly [
  infer First,
  ...infer Others,
]
  ? ReadBy<First> & WantedParams<Others>
  : unknown;

type ReadBy<One> =
  One extends WantingParams<infer Params>
    ? Named<Params>
    : One extends { extract(context: RequestContext<infer Params>, args: never): unknown }
      ? Named<Params>
      : unknown;

type Named<Params> = [keyof Params] extends [never]
  ? unknown
  : string extends keyof Params
    ? unknown
    : Params;

/** Runs the extractors in order, waiting only for those that must be waited for. */
export function extractingHandler(
  extractors: readonly Extractor<unknown>[],
  handler: (...values: unknown[]) => unknown,
): RawHandler {
  if (typeof handler !== "function") {
    return handler;
  }
  for (const [index, extractor] of extractors.entries()) {
    assertExtractor(extractor, `number ${index + 1} of ${extractors.length} in .to([…], handler)`);
  }
  assertOneBody(extractors);
  const run = withChecks(extractors, handler);
  return (context, args) => {
    const values: unknown[] = [];
    for (const extractor of extractors) {
      const value = extractor.extract(context, args);
      if (isPromiseLike(value)) {
        // The body is mostly the last one, and nothing else has to be awaited.
        return values.length === extractors.length - 1
          ? Promise.resolve(value).then((last) => run(...values, last, context, args))
          : extractLater(extractors, values, value, context, args).then((all) => run(...all, context, args));
      }
      values.push(value);
    }
    return run(...values, context, args);
  };
}

/**
 * A body is read once. In front of `attempt` and `optional` a type that does not fit leaves it to the next, so these may be
 * several.
 */
function assertOneBody(extractors: readonly Extractor<unknown>[]): void {
  const [first, second] = extractors.filter(({ readsBody }) => readsBody !== undefined);
  if (first !== undefined && second !== undefined) {
    throw new TypeError(
      `${first.readsBody} and ${second.readsBody} in one .to([…], handler) would both read the body, which comes once: take one of them, or for bodies of either type .to([attempt(${first.readsBody}), attempt(${second.readsBody})], handler).`,
    );
  }
}

/** The handler itself, unless an extractor wants to see what it returns. */
function withChecks(
  extractors: readonly Extractor<unknown>[],
  handler: (...values: unknown[]) => unknown,
): (...values: unknown[]) => unknown {
  const checking = extractors.filter(({ checkResult }) => checkResult !== undefined);
  if (checking.length === 0) {
    return handler;
  }
  return (...values) => {
    const context = values[extractors.length] as RequestContext;
    const check = (result: unknown): unknown => {
      for (const extractor of checking) {
        extractor.checkResult?.(result, context);
      }
      return result;
    };
    const result = handler(...values);
    return isPromiseLike(result) ? Promise.resolve(result).then(check) : check(result);
  };
}

async function extractLater(
  extractors: readonly Extractor<unknown>[],
  values: unknown[],
  pending: PromiseLike<unknown>,
  context: RequestContext,
  args: Args,
): Promise<unknown[]> {
  values.push(await pending);
  for (const extractor of extractors.slice(values.length)) {
    values.push(await extractor.extract(context, args));
  }
  return values;
}
