import { withoutStack } from "../common/argania-error.ts";
import type { MaybePromise } from "../common/maybe-promise.ts";
import type { BodyRefusal } from "../request/body-collector.ts";
import { RequestContext } from "../request/request-context.ts";
import { BodyLimitError, BodyMemoryError, UnsupportedMediaTypeError } from "./body-errors.ts";
import { bodyLimit } from "./body-limit.ts";

/**
 * The whole body of a request, made into something by `convert`. It may be empty.
 *
 * @param limit in bytes; `undefined` is the one in force where the request is answered, `bodyLimit`
 * @param weight how many bytes of memory one of the body stands for, 1 by default
 */
export function readBody<T>(
  context: RequestContext<object>,
  limit: number | undefined,
  convert: (bytes: Uint8Array) => MaybePromise<T>,
  weight?: number,
): MaybePromise<T> {
  assertNotEncoded(context);
  const bytes = limit ?? context.property(bodyLimit);
  const settle = (body: Uint8Array | BodyRefusal) => {
    if (typeof body === "string") {
      throw withoutStack(() => (body === "too-large" ? new BodyLimitError(bytes) : new BodyMemoryError()));
    }
    return convert(body);
  };
  return RequestContext.sourceOf(context).readBytes(bytes, settle, weight);
}

/**
 * A compressed body would be taken for the text that it is not, and decoding it undoes the limit unless whoever decodes
 * counts, too: so none is taken (RFC 9110 §15.5.16, §12.5.3).
 */
export function assertNotEncoded(context: RequestContext<object>): void {
  const coding = context.header("content-encoding");
  if (coding !== undefined && coding !== "" && coding.toLowerCase() !== "identity") {
    throw withoutStack(
      () =>
        new UnsupportedMediaTypeError("The body must not be compressed.", {
          headers: { "accept-encoding": "identity" },
        }),
    );
  }
}
