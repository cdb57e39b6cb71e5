import { assertNoMore } from "../common/assert-no-more.ts";
import { describeValue } from "../common/describe-value.ts";
import { isPromiseLike, type MaybePromise } from "../common/maybe-promise.ts";
import type { Handler, ResponseHandler } from "../handler/handler.ts";
import { asResponseHandler } from "../handler/layer.ts";
import type { RequestExtensions } from "../request/extensions.ts";
import type { RequestContext } from "../request/request-context.ts";

/**
 * Changes the request's extensions before the handler inside runs: the place for what handlers further in share. The handler
 * waits for a promise that the function returns; what it throws goes outwards, and the handler does not run.
 *
 * Throws a `TypeError` for what is no function.
 *
 * @example
 * ```ts
 * const requestId = new ExtensionKey<string>("request id");
 * router.addLayerTo(_requestPasser(new RequestExtensionsModifierLayer((extensions) => {
 *   extensions.set(requestId, crypto.randomUUID());
 * })));
 * ```
 * Source: argan, `RequestExtensionsModifierLayer`.
 */
export class RequestExtensionsModifierLayer {
  readonly #modify: (extensions: RequestExtensions, context: RequestContext) => MaybePromise<void>;

  constructor(modify: (extensions: RequestExtensions, context: RequestContext) => MaybePromise<void>);
  constructor(
    modify: (extensions: RequestExtensions, context: RequestContext) => MaybePromise<void>,
    ...more: unknown[]
  ) {
    assertNoMore(more, "RequestExtensionsModifierLayer takes a function", "a layer for each");
    if (typeof modify !== "function") {
      throw new TypeError(
        `RequestExtensionsModifierLayer takes a function, not ${describeValue(modify)}: write (extensions, context) => void extensions.set(key, value).`,
      );
    }
    this.#modify = modify;
  }

  wrap(handler: ResponseHandler): Handler {
    const modify = this.#modify;
    return asResponseHandler((context, args) => {
      const done = modify(context.extensions, context);
      return isPromiseLike(done)
        ? (done as Promise<void>).then(() => handler(context, args))
        : handler(context, args);
    });
  }
}
