import type { MaybePromise } from "../../common/maybe-promise.ts";
import { RequestContext } from "../../request/request-context.ts";
import { LightResponse } from "../../response/light-response.ts";
import { compileOrigins, type OriginDecision } from "../origins/compile-origins.ts";
import { type CorsHook, corsHook } from "./cors-hook.ts";
import { type CorsOptions, type CorsSettings, corsSettings } from "./cors-options.ts";

/** What may be asked for in a preflight, and is sent back: tokens, commas and spaces, and not more than anybody needs. */
const REQUESTED_HEADERS = /^[!#$%&'*+\-.^_`|~\dA-Za-z, \t]{1,4096}$/;
const REQUESTED_METHOD = /^[!#$%&'*+\-.^_`|~\dA-Za-z]{1,64}$/;

/** The origins that are allowed are few, unless a function or a pattern allows what clients make up. */
const MOST_HOOKS = 256;

/** The rules of a `CorsLayer`, made into headers beforehand. Source: Fetch Standard, "HTTP-CORS protocol". */
export class CorsPolicy {
  readonly #settings: CorsSettings;
  readonly #decide: OriginDecision | null;
  /** For requests of pages that are not allowed, and of what is no page; for all of them when every page is allowed. */
  readonly #usual: CorsHook;
  /** By origin. */
  readonly #hooks = new Map<string, CorsHook>();

  constructor(options: CorsOptions) {
    const settings = corsSettings(options);
    const rules = { owner: "origins of CorsLayer", takesOpaque: !settings.credentials };
    this.#settings = settings;
    this.#decide = settings.origins === "*" ? null : compileOrigins(settings.origins, rules);
    this.#usual = corsHook(this.#decide === null ? this.#headersFor("*") : VARY_ORIGIN);
  }

  /** Whether a page may read the response; the same for all when every page may. */
  allows(origin: string | undefined, context: RequestContext): MaybePromise<boolean> {
    if (this.#decide === null) {
      return true;
    }
    return origin === undefined ? false : this.#decide(origin, context);
  }

  /** What gives the response its headers. */
  hookFor(origin: string | undefined, isAllowed: boolean): CorsHook {
    if (this.#decide === null || !isAllowed || origin === undefined) {
      return this.#usual;
    }
    let hook = this.#hooks.get(origin);
    if (hook === undefined) {
      hook = corsHook(this.#headersFor(origin));
      if (this.#hooks.size >= MOST_HOOKS) {
        this.#hooks.clear();
      }
      this.#hooks.set(origin, hook);
    }
    return hook;
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

  /** Names and values in turn, for a response that a page may read. */
  #headersFor(origin: string): readonly string[] {
    const { credentials, exposedHeaders = "" } = this.#settings;
    const list = this.#decide === null ? [] : [...VARY_ORIGIN];
    list.push("access-control-allow-origin", origin);
    if (credentials) {
      list.push("access-control-allow-credentials", "true");
    }
    if (exposedHeaders !== "") {
      list.push("access-control-expose-headers", exposedHeaders);
    }
    return list;
  }
}

const VARY_ORIGIN: readonly string[] = ["vary", "Origin"];
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
