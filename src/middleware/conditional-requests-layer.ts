import { describeValue } from "../common/describe-value.ts";
import { chain, type MaybePromise } from "../common/maybe-promise.ts";
import type { Handler } from "../handler/handler.ts";
import { asResponseHandler, respondWith, type WrappingLayer } from "../handler/layer.ts";
import type { RequestContext } from "../request/request-context.ts";
import { assertPreconditions } from "../response/check-preconditions.ts";
import { LightResponse } from "../response/light-response.ts";
import { discardResult } from "../response/node-send.ts";
import { hashOf } from "./content-hash.ts";

export interface ConditionalRequestsOptions {
  /**
   * The entity-tag of responses that have none: `"strong"` for the same bytes, `"weak"` for what may be encoded in another
   * way later on (a compressing layer further out), `false` for none. Streams get none: their bytes are not known beforehand.
   */
  readonly etag?: "strong" | "weak" | false;
}

/**
 * Answers 304 to clients that have the response already, and 412 to those that want another one than there is. It looks at
 * `GET` and `HEAD` responses with status 200 that have an `ETag` or a `Last-Modified`, and gives an `ETag` to those without one.
 *
 * The handler runs all the same: what is saved is the sending. Before a change, check with `assertPreconditions`.
 *
 * Throws a `TypeError` for options that there are not; a request gets a `PreconditionFailedError` (412,
 * `ARGANIA_PRECONDITION_FAILED`). Source: RFC 9110 §13 and §15.4.5.
 *
 * @example
 * ```ts
 * root.addLayerTo(_requestReceiver(new ConditionalRequestsLayer()));
 * ```
 */
export class ConditionalRequestsLayer implements WrappingLayer {
  readonly #etag: "strong" | "weak" | false;

  constructor(options: ConditionalRequestsOptions = {}) {
    const { etag = "strong", ...others } = checkedOptions(options);
    if (etag !== "strong" && etag !== "weak" && etag !== false) {
      throw new TypeError(`The option etag is "strong", "weak" or false, not ${describeValue(etag)}.`);
    }
    const [unknown] = Object.keys(others);
    if (unknown !== undefined) {
      throw new TypeError(`ConditionalRequestsLayer has no option "${unknown}": there is only etag.`);
    }
    this.#etag = etag;
  }

  wrap(handler: Handler): Handler {
    return asResponseHandler((context, args) => {
      const answer = respondWith(handler(context, args), context);
      return context.method === "GET" || context.method === "HEAD"
        ? chain(answer, (response) => this.#conditional(context, response))
        : answer;
    });
  }

  #conditional(context: RequestContext, response: LightResponse): MaybePromise<LightResponse> {
    if (response.status !== 200) {
      return response;
    }
    const content = response.headers.has("etag") || this.#etag === false ? null : response.wholePayload;
    if (content === null) {
      return answer(context, response);
    }
    return chain(hashOf(content), (hash) => {
      response.headers.set("etag", `${this.#etag === "weak" ? "W/" : ""}"${hash}"`);
      return answer(context, response);
    });
  }
}

function checkedOptions(options: unknown): ConditionalRequestsOptions {
  if (typeof options !== "object" || options === null) {
    throw new TypeError(
      `ConditionalRequestsLayer takes options, not ${describeValue(options)}: write new ConditionalRequestsLayer({ etag: "weak" }).`,
    );
  }
  return options;
}

function answer(context: RequestContext, response: LightResponse): LightResponse {
  const { headers } = response;
  const etag = headers.get("etag") ?? undefined;
  const date = headers.get("last-modified");
  if (etag === undefined && date === null) {
    return response;
  }
  const lastModified = date === null ? undefined : new Date(date);
  try {
    return assertPreconditions(context, { etag, lastModified }) ? notModified(response) : response;
  } catch (error) {
    discardResult(response);
    throw error;
  }
}

/** The headers that the client's copy is updated with: all but those that tell of the bytes (RFC 9110 §15.4.5). */
function notModified(response: LightResponse): LightResponse {
  const bare = new LightResponse(null, { status: 304, headers: response.headers });
  for (const name of CONTENT_HEADERS) {
    bare.headers.delete(name);
  }
  discardResult(response);
  return bare;
}

const CONTENT_HEADERS = [
  "content-type",
  "content-length",
  "content-encoding",
  "content-language",
  "content-range",
  "accept-ranges",
  "trailer",
];
