import { assertNoMore } from "../common/assert-no-more.ts";
import { isPromiseLike, type MaybePromise } from "../common/maybe-promise.ts";
import { ErrorResponse } from "../response/error-response.ts";
import { assertExtractor, type Extractor } from "./extractor.ts";

/** What came of an extraction. */
export type Attempt<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: ErrorResponse };

/**
 * Hands the handler the failure of an extractor instead of failing. Only what the client did wrong is a failure; any
 * other error is thrown as ever.
 *
 * @example
 * ```ts
 * _post.to([attempt(queryParams(Page))], (page) => (page.ok ? list(page.value) : list(firstPage)))
 * ```
 */
export function attempt<T, Params extends object>(
  extractor: Extractor<T, Params>,
): Extractor<Attempt<T>, Params>;
export function attempt<T, Params extends object>(
  extractor: Extractor<T, Params>,
  ...more: unknown[]
): Extractor<Attempt<T>, Params> {
  assertNoMore(more, "attempt takes an extractor", "[attempt(a), attempt(b)]");
  assertExtractor(extractor, "what attempt(…) got");
  return {
    extract: (context, args) =>
      recover<T, Attempt<T>>(
        () => extractor.extract(context, args),
        (value) => ({ ok: true, value }),
        (error) => ({ ok: false, error }),
      ),
    ...checkOf(extractor),
  };
}

/** Hands the handler `undefined` where an extractor fails. */
export function optional<T, Params extends object>(
  extractor: Extractor<T, Params>,
): Extractor<T | undefined, Params>;
export function optional<T, Params extends object>(
  extractor: Extractor<T, Params>,
  ...more: unknown[]
): Extractor<T | undefined, Params> {
  assertNoMore(more, "optional takes an extractor", "a default value at the parameter: (value = 1) => …");
  assertExtractor(extractor, "what optional(…) got");
  return {
    extract: (context, args) =>
      recover<T, T | undefined>(
        () => extractor.extract(context, args),
        (value) => value,
        () => undefined,
      ),
    ...checkOf(extractor),
  };
}

/** What an extractor has to say to the handler's result holds as well when its failure does not. */
function checkOf(extractor: Pick<Extractor<unknown>, "checkResult">): typeof extractor {
  return extractor.checkResult === undefined
    ? {}
    : { checkResult: (result, context) => extractor.checkResult?.(result, context) };
}

function recover<T, Result>(
  extract: () => MaybePromise<T>,
  succeed: (value: T) => Result,
  fail: (error: ErrorResponse) => Result,
): MaybePromise<Result> {
  const failOrThrow = (error: unknown): Result => {
    if (error instanceof ErrorResponse && error.status < 500) {
      return fail(error);
    }
    throw error;
  };
  try {
    const value = extract();
    return isPromiseLike(value) ? (value as Promise<T>).then(succeed, failOrThrow) : succeed(value as T);
  } catch (error) {
    return failOrThrow(error);
  }
}
