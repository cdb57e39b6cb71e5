import type { MaybePromise } from "../../common/maybe-promise.ts";
import { RequestContext, type SendHook } from "../../request/request-context.ts";
import { LightResponse } from "../../response/light-response.ts";
import { SWITCHING_PROTOCOLS } from "../../response/upgrade-response.ts";
import { addVary } from "../../response/vary.ts";
import { compileOrigins, type OriginDecision } from "../origins/compile-origins.ts";
import { type CorsOptions, type CorsSettings, corsSettings } from "./cors-options.ts";

/** What may be asked for in a preflight, and is sent back: tokens, commas and spaces, and not more than anybody needs. */
const REQUESTED_HEADERS = /^[!#$%&'*+\-.^_`|~\dA-Za-z, \t]{1,4096}$/;
const REQUESTED_METHOD = /^[!#$%&'*+\-.^_`|~\dA-Za-z]{1,64}$/;

/** Responses that an inner policy has decided on: those further out leave them alone. */
const decided = new WeakSet<object>();

/** The rules of a `CorsLayer`, made into headers beforehand. Source: Fetch Standard, "HTTP-CORS protocol". */
export class CorsPolicy {
  readonly #settings: CorsSettings;
  readonly #decide: OriginDecision | null;
  /** For requests of pages that are not allowed, and of what is no page. */
  readonly #refuse: SendHook;
  readonly #allowAll: SendHook;

  constructor(options: CorsOptions) {
    const settings = corsSettings(options);
    this.#settings = settings;
    this.#decide =
      settings.origins === "*"
        ? null
        : compileOrigins(settings.origins, {
            owner: "origins of CorsLayer",
            takesOpaque: !settings.credentials,
          });
    this.#refuse = (response) => this.#finish(response, null);
    this.#allowAll = (response) => this.#finish(response, "*");
  }

  /** Whether a page may read the response; the same for all when every page may. */
  allows(origin: string | undefined, context: RequestContext): MaybePromise<boolean> {
    if (this.#decide === null) {
      return true;
    }
    return origin === undefined ? false : this.#decide(origin, context);
  }

  /** What gives the response its headers. */
  hookFor(origin: string | undefined, isAllowed: boolean): SendHook {
    if (!isAllowed || origin === undefined) {
      return this.#decide === null ? this.#allowAll : this.#refuse;
    }
    return this.#decide === null ? this.#allowAll : (response) => this.#finish(response, origin);
  }

  /** The answer to a preflight. One that is refused has nothing that a browser would go on with. */
  preflight(context: RequestContext, origin: string, isAllowed: boolean): LightResponse {
    const { credentials, allowedHeaders, maxAge, privateNetwork } = this.#settings;
    const list = ["vary", this.#decide === null ? PREFLIGHT_VARY : `Origin, ${PREFLIGHT_VARY}`];
    const method = context.header("access-control-request-method") ?? "";
    if (!isAllowed || !REQUESTED_METHOD.test(method)) {
      return LightResponse.withHeaderList(null, list, 204);
    }
    list.push("access-control-allow-origin", this.#decide === null ? "*" : origin);
    list.push("access-control-allow-methods", this.#settings.methods ?? methodsOf(context, method));
    const headers = allowedHeaders ?? requestedHeaders(context);
    if (headers !== "") {
      list.push("access-control-allow-headers", headers);
    }
    if (credentials) {
      list.push("access-control-allow-credentials", "true");
    }
    if (maxAge !== undefined) {
      list.push("access-control-max-age", maxAge);
    }
    if (privateNetwork && context.header("access-control-request-private-network") === "true") {
      list.push("access-control-allow-private-network", "true");
    }
    return LightResponse.withHeaderList(null, list, 204);
  }

  /** @param allowed the value of `Access-Control-Allow-Origin`; `null` for none */
  #finish(response: Parameters<SendHook>[0], allowed: string | null): void {
    if (response.status === SWITCHING_PROTOCOLS || decided.has(response)) {
      return;
    }
    decided.add(response);
    const { headers } = response;
    if (this.#decide !== null) {
      addVary(headers, "Origin");
    }
    // What a handler has passed on from another server, too, must not open what is closed here.
    headers.delete("access-control-allow-origin");
    headers.delete("access-control-allow-credentials");
    if (allowed === null) {
      return;
    }
    headers.set("access-control-allow-origin", allowed);
    if (this.#settings.credentials) {
      headers.set("access-control-allow-credentials", "true");
    }
    const { exposedHeaders = "" } = this.#settings;
    if (exposedHeaders !== "") {
      headers.append("access-control-expose-headers", exposedHeaders);
    }
  }
}

const PREFLIGHT_VARY = "Access-Control-Request-Method, Access-Control-Request-Headers";

/** The methods of the resource that the path leads to; what was asked for where none can be told. */
function methodsOf(context: RequestContext, requested: string): string {
  const { stop, isAtEnd } = RequestContext.routeOf(context);
  return (isAtEnd ? stop?.allow : undefined) ?? requested;
}

function requestedHeaders(context: RequestContext): string {
  const requested = context.header("access-control-request-headers") ?? "";
  return REQUESTED_HEADERS.test(requested) ? requested : "";
}
