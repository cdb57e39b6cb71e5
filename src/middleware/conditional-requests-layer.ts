import { chain, type MaybePromise } from "../common/maybe-promise.ts";
import type { Handler, ResponseHandler } from "../handler/handler.ts";
import { asResponseHandler, respondWith, type WrappingLayer } from "../handler/layer.ts";
import type { Args } from "../request/args.ts";
import { RequestContext } from "../request/request-context.ts";
import { assertPreconditions } from "../response/check-preconditions.ts";
import type { LightResponse } from "../response/light-response.ts";
import { discardResult } from "../response/node-send.ts";
import { takesConditions } from "../response/preconditions.ts";
import {
  type ConditionalRequestsOptions,
  type ConditionalSettings,
  conditionalSettings,
} from "./conditional/conditional-options.ts";
import {
  type CurrentVersion,
  checkedVersion,
  describeVersion,
  type ReadVersion,
} from "./conditional/current-version.ts";
import { notModified, versionNotModified } from "./conditional/not-modified.ts";
import { hashOf } from "./content-hash.ts";

/**
 * Answers 304 to clients that have the response already, and 412 to those that want another one than there is, in the order
 * of RFC 9110 §13.2.2.
 *
 * - **By itself** it looks at the responses to `GET` and `HEAD` with a representation in them (200, 203, 206), and gives those
 *   with status 200 an `ETag` of their bytes. The handler runs all the same: what is saved is the sending. Changes pass: no
 *   response could tell it beforehand what there is. All other responses and errors pass as well (§13.2.1).
 * - **With `validators`** it knows which version there is before the handler runs. `GET` and `HEAD` get their 304 without it, with
 *   the `ETag` (else `Last-Modified`) and the `headers` of that version; any other method with `If-Match`,
 *   `If-None-Match` or `If-Unmodified-Since` gets its 412 before anything is changed, and with `required` a 428 if it has none.
 *   Where no handler answers, the 405, the 404 or the slash redirect passes: conditions do not count for these (§13.2.1).
 *   Put it inside of guards, on what answers: `_requestHandler`, `_methodHandler`, `wrappedIn`. Whoever must not see a
 *   resource must not learn its version either.
 *
 * Between the check and the change another request may come in: what must not be lost is compared once more where it is
 * written, in the transaction or with `WHERE version = …`.
 *
 * Throws a `TypeError` for options that there are not, or that contradict each other. A request gets a `PreconditionFailedError`
 * (412, `ARGANIA_PRECONDITION_FAILED`) or a `PreconditionRequiredError` (428, `ARGANIA_PRECONDITION_REQUIRED`), and a 500 when
 * `validators` gives what is no version. Source: RFC 9110 §13 and §15.4.5, RFC 6585 §3.
 *
 * @example
 * ```ts
 * root.addLayerTo(_requestReceiver(new ConditionalRequestsLayer()));
 *
 * const versions = new ConditionalRequestsLayer({
 *   validators: async ({ params }) => {
 *     const page = await pages.find(params.id);
 *     return page === undefined ? null : { etag: `"${page.version}"`, headers: { "cache-control": "no-cache" } };
 *   },
 *   required: true,
 * });
 * root.subresource("/pages/{id}").addLayerTo(_requestHandler(versions));
 * ```
 */
export class ConditionalRequestsLayer implements WrappingLayer {
  readonly #settings: ConditionalSettings;

  constructor(options: ConditionalRequestsOptions = {}) {
    this.#settings = conditionalSettings(options);
  }

  wrap(handler: Handler): Handler {
    const { validators } = this.#settings;
    const answer: ResponseHandler = (context, args) => respondWith(handler(context, args), context);
    return asResponseHandler(
      validators === undefined
        ? (context, args) =>
            isRead(context)
              ? chain(answer(context, args), (response) => this.#afterwards(context, response))
              : answer(context, args)
        : (context, args) => this.#beforehand(validators, answer, context, args),
    );
  }

  #beforehand(
    validators: ReadVersion,
    answer: ResponseHandler,
    context: RequestContext,
    args: Args,
  ): MaybePromise<LightResponse> {
    const required = this.#settings.required.has(context.method);
    if (!isRead(context) && !required && !hasCondition(context)) {
      return answer(context, args);
    }
    const route = RequestContext.routeOf(context);
    if (route.stop?.isHandled(route, context.method) !== true) {
      return answer(context, args);
    }
    return chain(validators(context, args) as MaybePromise<unknown>, (given) => {
      const version = checkedVersion(given);
      if (!isRead(context)) {
        assertPreconditions(context, version, { required });
        return answer(context, args);
      }
      // Nothing there: the handler says so, by a 404, for which conditions do not count (RFC 9110 §13.2.1).
      if (version !== null && assertPreconditions(context, version)) {
        return versionNotModified(version);
      }
      return chain(answer(context, args), (response) => this.#afterwards(context, response, version));
    });
  }

  #afterwards(
    context: RequestContext,
    response: LightResponse,
    version: CurrentVersion | null = null,
  ): MaybePromise<LightResponse> {
    const { status } = response;
    if (status !== 200 && status !== 206 && status !== 203) {
      return response;
    }
    if (version !== null) {
      describeVersion(response, version);
    }
    const { etag } = this.#settings;
    const hasItsTag = etag === false || status !== 200 || response.headers.has("etag");
    const content = hasItsTag ? null : response.wholePayload;
    if (content === null) {
      return conditional(context, response);
    }
    return chain(hashOf(content), (hash) => {
      response.headers.set("etag", `${etag === "weak" ? "W/" : ""}"${hash}"`);
      return conditional(context, response);
    });
  }
}

function isRead({ method }: RequestContext): boolean {
  return method === "GET" || method === "HEAD";
}

/** `If-Modified-Since` is for reading only, and `If-Range` for ranges (RFC 9110 §13.1.3, §13.1.5). */
function hasCondition(context: RequestContext): boolean {
  return (
    takesConditions(context.method) &&
    (context.header("if-match") !== undefined ||
      context.header("if-none-match") !== undefined ||
      context.header("if-unmodified-since") !== undefined)
  );
}

/**
 * A response without validators has its conditions, too: with a representation there, `If-None-Match: *` is false, and so is
 * an `If-Match` that lists tags, of which it has none (RFC 9110 §13.1.1, §13.1.2).
 */
function conditional(context: RequestContext, response: LightResponse): LightResponse {
  const { headers } = response;
  const etag = headers.get("etag") ?? undefined;
  const date = headers.get("last-modified");
  const lastModified = date === null ? undefined : new Date(date);
  try {
    return assertPreconditions(context, { etag, lastModified }) ? notModified(response) : response;
  } catch (error) {
    discardResult(response);
    throw error;
  }
}
