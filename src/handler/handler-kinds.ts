import { assertNoMore } from "../common/assert-no-more.ts";
import { describeValue } from "../common/describe-value.ts";
import { HandlerKind, OptionalHandlerKind } from "./handler-kind.ts";

/** RFC 9110 §9.1: a method is a token. */
const METHOD = /^[!#$%&'*+\-.^_`|~\dA-Za-z]+$/;

/** Methods with a kind of their own, `_get` and its like. */
const STANDARD_METHODS: ReadonlySet<string> = new Set([
  "GET",
  "HEAD",
  "POST",
  "PUT",
  "PATCH",
  "DELETE",
  "OPTIONS",
  "CONNECT",
  "TRACE",
]);

export const _get: HandlerKind = /* @__PURE__ */ _method("GET");
export const _head: HandlerKind = /* @__PURE__ */ _method("HEAD");
export const _post: HandlerKind = /* @__PURE__ */ _method("POST");
export const _put: HandlerKind = /* @__PURE__ */ _method("PUT");
export const _patch: HandlerKind = /* @__PURE__ */ _method("PATCH");
export const _delete: HandlerKind = /* @__PURE__ */ _method("DELETE");
export const _options: HandlerKind = /* @__PURE__ */ _method("OPTIONS");
export const _connect: HandlerKind = /* @__PURE__ */ _method("CONNECT");
export const _trace: HandlerKind = /* @__PURE__ */ _method("TRACE");

/**
 * Any method by its name, case-sensitive as methods are (RFC 9110 §9.1).
 *
 * Throws a `TypeError` for a name that no request could carry, and for a standard method that is not in upper case.
 */
export function _method(name: string): HandlerKind;
export function _method(name: string, ...more: unknown[]): HandlerKind {
  assertNoMore(more, "_method takes the name of a method", '_method("LOCK").to(handler)');
  assertMethod(name);
  return new HandlerKind(Object.freeze({ kind: "method", method: name }));
}

/** Throws a `TypeError` for what is no method, and for `get` and its like, which no client sends. */
export function assertMethod(name: unknown): asserts name is string {
  if (typeof name !== "string" || !METHOD.test(name)) {
    const given = typeof name === "string" ? JSON.stringify(name) : describeValue(name);
    throw new TypeError(`Invalid method ${given}: a method is a token such as "GET" or "LOCK".`);
  }
  const upper = name.toUpperCase();
  if (name !== upper && STANDARD_METHODS.has(upper)) {
    throw new TypeError(
      `Invalid method "${name}": methods are case-sensitive (RFC 9110 §9.1), so write "${upper}".`,
    );
  }
}

/** How the kind of a method is written: `_get`, or `_method("LOCK")` for one without a kind of its own. */
export function kindText(method: string): string {
  return STANDARD_METHODS.has(method) ? `_${method.toLowerCase()}` : `_method("${method}")`;
}

/** Every method without a handler of its own. `.to(null)` answers them as mistargeted (404) instead of 405. */
export const _wildcardMethod: OptionalHandlerKind = /* @__PURE__ */ new OptionalHandlerKind(
  /* @__PURE__ */ Object.freeze({ kind: "wildcard-method" }),
);

/** Requests that stop at this resource, or below it, without reaching one. */
export const _mistargetedRequest: OptionalHandlerKind = /* @__PURE__ */ new OptionalHandlerKind(
  /* @__PURE__ */ Object.freeze({ kind: "mistargeted-request" }),
);
