import { type BytesExtractor, bytesExtractor } from "./bytes-extractor.ts";

/**
 * The whole body as bytes, whatever its type, or without one; empty when there is none. Use it as `fullBody` or
 * `fullBody.withLimit(bytes)`: for what is signed as it was sent, such as a webhook, or stored as it came.
 *
 * More bytes than the limit, else {@link bodyLimit} (1 MiB by default), are a 413 (`ARGANIA_BODY_LIMIT`); a
 * `Content-Encoding` is a 415 (`ARGANIA_UNSUPPORTED_MEDIA_TYPE`).
 *
 * @example
 * ```ts
 * hook.setHandlerFor(_post.to([fullBody, header("x-signature")], (bytes, signature) => verify(bytes, signature)));
 * ```
 * Source: argan, `FullBody`.
 */
export const fullBody: BytesExtractor = /* @__PURE__ */ bytesExtractor("fullBody", () => {});
