import { chain } from "../common/maybe-promise.ts";
import { type Property, PropertyKind } from "../common/property.ts";
import type { Handler, ResponseHandler } from "../handler/handler.ts";
import { asResponseHandler, type WrappingLayer } from "../handler/layer.ts";
import { RequestContext } from "../request/request-context.ts";
import { forAnother, hasDecided, registerCorsHook } from "./cors/cors-hook.ts";
import type { CorsOptions } from "./cors/cors-options.ts";
import { CorsPolicy } from "./cors/cors-policy.ts";

/** The rules of the innermost layer around the receivers of a path, for those further out. */
const corsPolicy: PropertyKind<CorsPolicy | null> = /* @__PURE__ */ new PropertyKind<CorsPolicy | null>(
  "CORS policy",
  null,
);

/**
 * Lets pages of other origins read responses (CORS). Everything that is answered inside of it has the headers: errors that
 * guards throw, 404 and redirects, too.
 *
 * - A preflight (`OPTIONS` with `Origin` and `Access-Control-Request-Method`) is answered at once, with 204, wherever the
 *   path leads: guards inside never see it. Any other `OPTIONS` goes on to your handler.
 * - `Vary: Origin` is on every response that depends on the origin, also where there is none or it is refused.
 * - Of several layers on the way of a request the innermost one decides. Preflights, too, get its answer, and so do errors
 *   that are thrown before it is reached, if it is around a receiver.
 * - Upgrades to WebSockets, which CORS is not about, stay as they are.
 *
 * A request whose origin is not allowed reaches the handler all the same: its browser only keeps the response from the page. What must not happen at
 * all is for a `CsrfLayer`.
 *
 * Throws a `TypeError` or `RangeError` for options that are none, that contradict each other, or origins that could match
 * nothing, or more than they seem to.
 *
 * @example
 * ```ts
 * router.addLayerTo(_requestPasser(new CorsLayer({ origins: ["https://app.example.com"], credentials: true })));
 * ```
 * Source: Fetch Standard, "HTTP-CORS protocol"; tower-http, `CorsLayer`.
 */
export class CorsLayer implements WrappingLayer {
  readonly inheritedProperties: readonly Property[];
  readonly #policy: CorsPolicy;

  constructor(options: CorsOptions) {
    this.#policy = new CorsPolicy(options);
    this.inheritedProperties = Object.freeze([corsPolicy.to(this.#policy) as Property]);
  }

  wrap(handler: ResponseHandler): Handler {
    return asResponseHandler((context, args) => {
      const policy = policyFor(context, this.#policy);
      const origin = context.header("origin");
      const isPreflight =
        context.method === "OPTIONS" &&
        origin !== undefined &&
        context.header("access-control-request-method") !== undefined;
      return chain(policy.allows(origin, context), (isAllowed) => {
        if (isPreflight) {
          return policy.preflight(context, origin, isAllowed);
        }
        const hook = policy.hookFor(origin, isAllowed);
        registerCorsHook(context, policy === this.#policy ? hook : forAnother(hook));
        return handler(context, args);
      });
    });
  }
}

/** One further inside, which the request has not met yet, decides in place of one's own. */
function policyFor(context: RequestContext, own: CorsPolicy): CorsPolicy {
  const { stop, node, inSubtree } = RequestContext.routeOf(context);
  const key = corsPolicy as PropertyKind<unknown>;
  const innermost = stop?.properties.get(key) as CorsPolicy | undefined;
  // Who answers for what is below has all receivers on the way around it, those of resources further in, too.
  if (innermost === undefined || innermost === own || inSubtree) {
    return own;
  }
  // At the node that has the innermost one, or beyond, this is inside of it, or further out around the same receiver.
  return innermost === node.properties.get(key) && hasDecided(context) ? own : innermost;
}
