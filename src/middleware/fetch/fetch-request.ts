import { withoutStack } from "../../common/argania-error.ts";
import { alreadyReadError, BodyAlreadyReadError } from "../../request/body-already-read-error.ts";
import { RequestContext } from "../../request/request-context.ts";
import { keptBy } from "../../request/to-request.ts";
import { FetchMethodError } from "./fetch-errors.ts";
import type { FetchHandlerSettings } from "./fetch-handler-options.ts";

/** Methods that no web `Request` has, and those that one would write in upper case, which makes others of them. */
const UNREQUESTABLE = /^(?:connect|trace|track)$/i;
const NORMALIZED = /^(?:delete|get|head|options|post|put)$/i;
const USUAL: readonly string[] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/** The request as a fetch app gets it. Throws where there cannot be one. */
export function fetchRequestOf(
  context: RequestContext<object>,
  { isStripped, headIsGet }: FetchHandlerSettings,
): Request {
  assertRequestable(context);
  assertUnread(context);
  const request = isStripped ? strippedRequest(context) : context.request;
  if (request.bodyUsed) {
    throw new BodyAlreadyReadError();
  }
  return headIsGet && context.method === "HEAD"
    ? keptBy(context.signal, new Request(request, { method: "GET" }))
    : request;
}

/**
 * Throws a `FetchMethodError` (`ARGANIA_FETCH_METHOD`). HTTP/2 lets through "get", which is another method than "GET":
 * guards have seen the one, the app would see the other.
 */
export function assertRequestable(context: RequestContext<object>): void {
  const { method } = context;
  if (UNREQUESTABLE.test(method) || (NORMALIZED.test(method) && method !== method.toUpperCase())) {
    throw withoutStack(() => new FetchMethodError(allowedBy(context)));
  }
}

/** Those of the resource that answers; where a handler takes all, the usual ones: which the app takes, it alone knows. */
function allowedBy(context: RequestContext<object>): string {
  const route = RequestContext.routeOf(context as RequestContext);
  const { stop, isAtEnd } = route;
  const own = isAtEnd ? stop?.allow : undefined;
  const methods = own?.split(", ") ?? USUAL.filter((method) => stop?.isHandled(route, method) !== false);
  return methods.filter((method) => !UNREQUESTABLE.test(method)).join(", ");
}

/** An app would learn of it when it reads, and take it for the client's mistake. */
function assertUnread(context: RequestContext<object>): void {
  if (context.method !== "GET" && context.method !== "HEAD") {
    const { body } = context;
    const error = body === null ? undefined : alreadyReadError(body);
    if (error !== undefined) {
      throw error;
    }
  }
}

/** The rest of the path is canonical, as the path itself is. It is put behind an origin, never resolved against one. */
function strippedRequest(context: RequestContext<object>): Request {
  const { origin } = context.url;
  return RequestContext.sourceOf(context).toRequest(
    `${origin}${context.subtreePath || "/"}${context.search}`,
  );
}
