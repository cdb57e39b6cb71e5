import { assertByteCount } from "./body-limit.ts";
import { bodyTypeOf } from "./body-type-of.ts";
import { type BytesExtractor, bytesExtractor } from "./bytes-extractor.ts";
import { assertContentType, type BodyType } from "./content-type.ts";

/** {@link binaryBody}, with a limit or types of its own or without. */
export interface BinaryBodyExtractor extends BytesExtractor {
  withLimit(bytes: number): BinaryBodyExtractor;
  /** The same for other media types than `application/octet-stream`: `binaryBody.withType("image/png", "image/jpeg")`. */
  withType(...types: string[]): BinaryBodyExtractor;
}

const NAME = "binaryBody";

const OCTET_STREAM: BodyType = {
  // The second one is no media type, but is sent, and argan takes it.
  usual: ["application/octet-stream", "octet-stream"],
  accept: "application/octet-stream",
  accepts: (essence) => essence === "application/octet-stream",
  isText: false,
};

/**
 * The body as bytes, of the type `application/octet-stream` or of those given to `withType`. Use it as `binaryBody`,
 * `binaryBody.withLimit(bytes)`, `binaryBody.withType("image/png", "image/jpeg")` or `binaryBody.withType("image/*")`.
 * `fullBody` takes any type.
 *
 * - Another type is a 415 (`ARGANIA_UNSUPPORTED_MEDIA_TYPE`), none a 400 (`ARGANIA_MISSING_HEADER`); a `Content-Encoding` is a
 *   415, too. The type is what the client says: whether the bytes are such an image is for you to find out.
 * - More bytes than the limit, else {@link bodyLimit} (1 MiB by default), are a 413 (`ARGANIA_BODY_LIMIT`).
 *
 * @example
 * ```ts
 * avatar.setHandlerFor(_put.to([binaryBody.withType("image/png").withLimit(200_000)], (image) => save(image)));
 * ```
 */
export const binaryBody: BinaryBodyExtractor = /* @__PURE__ */ binaryExtractor(undefined, OCTET_STREAM);

function binaryExtractor(limit: number | undefined, type: BodyType): BinaryBodyExtractor {
  const extractor = bytesExtractor(NAME, (context) => assertContentType(context, type), limit);
  return Object.assign(extractor, {
    withLimit: (bytes: number): BinaryBodyExtractor => {
      assertByteCount(bytes, `${NAME}.withLimit(…)`);
      return binaryExtractor(bytes, type);
    },
    withType: (...types: string[]): BinaryBodyExtractor =>
      binaryExtractor(limit, bodyTypeOf(types, false, `${NAME}.withType(…)`)),
  });
}
