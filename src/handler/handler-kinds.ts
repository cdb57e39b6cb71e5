import { HandlerKind, OptionalHandlerKind } from "./handler-kind.ts";

/** RFC 9110 §9.1: a method is a token. */
const METHOD = /^[!#$%&'*+\-.^_`|~\dA-Za-z]+$/;

export const _get: HandlerKind = _method("GET");
export const _head: HandlerKind = _method("HEAD");
export const _post: HandlerKind = _method("POST");
export const _put: HandlerKind = _method("PUT");
export const _patch: HandlerKind = _method("PATCH");
export const _delete: HandlerKind = _method("DELETE");
export const _options: HandlerKind = _method("OPTIONS");
export const _connect: HandlerKind = _method("CONNECT");
export const _trace: HandlerKind = _method("TRACE");

/**
 * Any method by its name, case-sensitive as methods are (RFC 9110 §9.1).
 *
 * Throws a `TypeError` for a name that no request could carry.
 */
export function _method(name: string): HandlerKind {
  if (!METHOD.test(name)) {
    throw new TypeError(
      `Invalid method ${JSON.stringify(name)}: a method is a token such as "GET" or "LOCK".`,
    );
  }
  return new HandlerKind(Object.freeze({ kind: "method", method: name }));
}

/** Every method without a handler of its own. `.to(null)` answers them as mistargeted (404) instead of 405. */
export const _wildcardMethod: OptionalHandlerKind = new OptionalHandlerKind(
  Object.freeze({ kind: "wildcard-method" }),
);

/** Requests that stop at this resource, or below it, without reaching one. */
export const _mistargetedRequest: OptionalHandlerKind = new OptionalHandlerKind(
  Object.freeze({ kind: "mistargeted-request" }),
);
