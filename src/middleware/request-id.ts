import { builtinModule } from "../common/builtin-module.ts";
import { ExtensionKey } from "../request/extensions.ts";
import type { RequestContext } from "../request/request-context.ts";

/** Where a `RequestIdLayer` keeps the id of a request. */
export const requestIdKey: ExtensionKey<string> = /* @__PURE__ */ new ExtensionKey("request id");

/**
 * The id of a request, as a `RequestIdLayer` further out has set it; `undefined` without one.
 *
 * @example
 * ```ts
 * root.setHandlerFor(_get.to((context) => json({ requestId: requestId(context) })));
 * ```
 */
export function requestId(context: RequestContext): string | undefined {
  return context.extensions.get(requestIdKey);
}

interface NodeCrypto {
  randomUUID(): string;
}

/** A random UUID (RFC 9562 §5.4). Node's own takes its random bytes in advance, many at a time. */
export function newRequestId(): string {
  makeUuid ??= uuidMaker();
  return makeUuid();
}

let makeUuid: (() => string) | undefined;

function uuidMaker(): () => string {
  const crypto = builtinModule<NodeCrypto>("node:crypto") ?? globalThis.crypto;
  return () => crypto.randomUUID();
}
