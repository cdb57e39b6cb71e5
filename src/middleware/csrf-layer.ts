import { withoutStack } from "../common/argania-error.ts";
import { assertOptions } from "../common/assert-options.ts";
import { describeValue } from "../common/describe-value.ts";
import { chain, type MaybePromise } from "../common/maybe-promise.ts";
import type { Handler, ResponseHandler } from "../handler/handler.ts";
import { asResponseHandler, type WrappingLayer } from "../handler/layer.ts";
import type { RequestContext } from "../request/request-context.ts";
import { isSameOrigin } from "../request/same-origin.ts";
import { ErrorResponse } from "../response/error-response.ts";
import type { LightResponse } from "../response/light-response.ts";
import { type AllowedOrigins, compileOrigins, type OriginDecision } from "./origins/compile-origins.ts";

export interface CsrfOptions {
  /**
   * Further origins whose pages may change something: those that a `CorsLayer` lets in with credentials, or a partner's login. As
   * `origins` of `CorsLayer`, without `"*"`.
   */
  readonly origins?: AllowedOrigins;
  /** Lets single requests through, such as those of a webhook that proves itself in another way; `true` lets it through. */
  readonly exempt?: (context: RequestContext) => boolean;
}

/** A page of another origin sends a request that could change something. */
export class CsrfError extends ErrorResponse {
  readonly code = "ARGANIA_CSRF";
  readonly status = 403;
}

/** RFC 9110 §9.2.1. Compared as they are: methods are case-sensitive. */
const SAFE_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "TRACE"]);

/**
 * Refuses requests that a page of another origin makes its visitor's browser send (cross-site request forgery), without
 * tokens: browsers say where a request comes from, and no page can change that.
 *
 * In this order:
 * 1. Safe methods (`GET`, `HEAD`, `OPTIONS`, `TRACE`) go on: they must not change anything.
 * 2. So do requests of `origins`, and those that are `exempt`.
 * 3. `Sec-Fetch-Site`, which browsers send over HTTPS since 2023, must be `same-origin`, or `none` for what the user did.
 *    Subdomains (`same-site`) are others.
 * 4. Without it, `Origin` must be the scheme and the host of the request. Where the request did not come by HTTPS, a page that
 *    did is taken, too: something in front may have ended TLS.
 * 5. Without both it is no browser, and goes on.
 *
 * The type of the body plays no part. A refused request is a `CsrfError` (403, `ARGANIA_CSRF`).
 *
 * Throws a `TypeError` for options that are none.
 *
 * @example
 * ```ts
 * root.addLayerTo(_requestReceiver(new CsrfLayer({ origins: ["https://login.example.com"] })));
 * ```
 * Source: Go, `http.CrossOriginProtection`; tower-http, `CsrfLayer`.
 */
export class CsrfLayer implements WrappingLayer {
  readonly #allows: OriginDecision | null;
  readonly #isExempt: ((context: RequestContext) => boolean) | undefined;

  constructor(options: CsrfOptions = {}) {
    assertOptions("CsrfLayer", options, ["origins", "exempt"]);
    const { origins, exempt } = options;
    if (exempt !== undefined && typeof exempt !== "function") {
      throw new TypeError(
        `exempt of CsrfLayer is a function of the context, not ${describeValue(exempt)}: write (context) => true or false.`,
      );
    }
    const isEverybody = origins === "*" || (Array.isArray(origins) && origins.includes("*"));
    if (isEverybody) {
      throw new TypeError('With "*" CsrfLayer would let everybody in: leave it out, or list origins.');
    }
    const rules = { owner: "origins of CsrfLayer", takesOpaque: false };
    this.#allows = origins === undefined ? null : compileOrigins(origins, rules);
    this.#isExempt = exempt;
  }

  wrap(handler: ResponseHandler): Handler {
    return asResponseHandler((context, args) => {
      if (SAFE_METHODS.has(context.method) || isOwn(context) || this.#isExempt?.(context) === true) {
        return handler(context, args);
      }
      return chain(this.#isAllowed(context), (isAllowed): MaybePromise<LightResponse> => {
        if (isAllowed) {
          return handler(context, args);
        }
        throw withoutStack(() => new CsrfError("Pages of other origins may not send this request."));
      });
    });
  }

  #isAllowed(context: RequestContext): MaybePromise<boolean> {
    const origin = context.header("origin");
    return this.#allows === null || origin === undefined ? false : this.#allows(origin, context);
  }
}

/** Whether the request comes from a page of its own origin, or from no page. */
function isOwn(context: RequestContext): boolean {
  const site = context.header("sec-fetch-site");
  if (site !== undefined) {
    return site === "same-origin" || site === "none";
  }
  const origin = context.header("origin");
  return origin === undefined || isSameOrigin(origin, context.url);
}
