import { withoutStack } from "../common/argania-error.ts";
import { type BodyExtractor, bodyExtractor, dataSchemaFrom, type ReadValue } from "./body-extractor.ts";
import { assertByteCount } from "./body-limit.ts";
import { bodyTypeOf } from "./body-type-of.ts";
import { assertContentType, type BodyType } from "./content-type.ts";
import { decodeUtf8 } from "./decode-utf8.ts";
import { readBody } from "./read-body.ts";
import { TextError } from "./text-error.ts";

/** {@link textBody}, with a limit or types of its own or without. */
export interface TextBodyExtractor extends BodyExtractor<string> {
  withLimit(bytes: number): TextBodyExtractor;
  /** The same for other media types than `text/plain`: `textBody.withType("text/csv")`, `textBody.withType("text/*")`. */
  withType(...types: string[]): TextBodyExtractor;
}

const NAME = "textBody";
const BYTE_ORDER_MARK = "\uFEFF";

const PLAIN_TEXT: BodyType = {
  // As `fetch` and most other clients write it.
  usual: ["text/plain", "text/plain;charset=UTF-8", "text/plain; charset=utf-8"],
  accept: "text/plain",
  accepts: (essence) => essence === "text/plain",
  isText: true,
};

/**
 * The body as text in UTF-8, or as a schema makes it. Use it as `textBody`, `textBody(schema)`, `textBody(schema, { limit })`,
 * `textBody.withLimit(bytes)`, `textBody.withType("text/csv")`, or the latter two with a schema behind them.
 *
 * - Another type than `text/plain`, or than those of `withType`, is a 415 (`ARGANIA_UNSUPPORTED_MEDIA_TYPE`), none a 400
 *   (`ARGANIA_MISSING_HEADER`). A charset other than UTF-8 and a `Content-Encoding` are a 415, too.
 * - More bytes than `limit`, else {@link bodyLimit} (1 MiB by default), are a 413 (`ARGANIA_BODY_LIMIT`).
 * - What is not UTF-8, or does not fit the schema, is a 400 (`ARGANIA_TEXT`). A byte order mark is taken off, as
 *   `Request.text()` does.
 *
 * @example
 * ```ts
 * notes.setHandlerFor(_post.to([textBody], (text) => respond(201, json(add(text)))));
 * ```
 */
export const textBody: TextBodyExtractor = /* @__PURE__ */ textExtractor(undefined, PLAIN_TEXT);

function textExtractor(limit: number | undefined, type: BodyType): TextBodyExtractor {
  const read: ReadValue<string> = (context, bytes, convert) => {
    assertContentType(context, type);
    return readBody(context, bytes, (body) => convert(toText(body)));
  };
  const extractor = bodyExtractor<string>(
    NAME,
    read,
    (issues) => withoutStack(() => new TextError("The text is not valid.", issues)),
    dataSchemaFrom,
    limit,
  );
  return Object.assign(extractor, {
    withLimit: (bytes: number): TextBodyExtractor => {
      assertByteCount(bytes, `${NAME}.withLimit(…)`);
      return textExtractor(bytes, type);
    },
    withType: (...types: string[]): TextBodyExtractor =>
      textExtractor(limit, bodyTypeOf(types, true, `${NAME}.withType(…)`)),
  });
}

function toText(bytes: Uint8Array): string {
  const text = decodeUtf8(bytes);
  if (text === undefined) {
    throw withoutStack(() => new TextError("The body is not valid UTF-8."));
  }
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
}
