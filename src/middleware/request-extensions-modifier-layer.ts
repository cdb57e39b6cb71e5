import { isPromiseLike, type MaybePromise } from "../common/maybe-promise.ts";
import type { Handler, ResponseHandler } from "../handler/handler.ts";
import { asResponseHandler } from "../handler/layer.ts";
import type { RequestExtensions } from "../request/extensions.ts";
import type { RequestContext } from "../request/request-context.ts";

/**
 * Changes the request's extensions before the handler inside runs: the place for what handlers further in share.
 *
 * @example
 * ```ts
 * const requestId = new ExtensionKey<string>("request id");
 * router.addLayerTo(_requestPasser(new RequestExtensionsModifierLayer((extensions) => {
 *   extensions.set(requestId, crypto.randomUUID());
 * })));
 * ```
 */
export class RequestExtensionsModifierLayer {
  readonly #modify: (extensions: RequestExtensions, context: RequestContext) => MaybePromise<void>;

  constructor(modify: (extensions: RequestExtensions, context: RequestContext) => MaybePromise<void>) {
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
