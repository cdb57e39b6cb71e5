import { withoutStack } from "../common/argania-error.ts";
import type { RequestContext } from "../request/request-context.ts";
import { UnsupportedMediaTypeError } from "./body-errors.ts";
import { MissingHeaderError } from "./extractor-errors.ts";
import { parseMediaType } from "./media-type.ts";

/** A kind of body: the media types that it can have. */
export interface BodyType {
  /** The header as most requests have it, compared as a whole. */
  readonly usual: readonly string[];
  /** What a client is told that it may send: a value of `Accept`. */
  readonly accept: string;
  /** Type and subtype, in lower case. */
  readonly accepts: (essence: string) => boolean;
  /** Whether it is read as text, which must be UTF-8 then. */
  readonly isText: boolean;
}

/**
 * Throws unless the request says that its body is of a type, and a text in UTF-8 if it says how it is written. A missing
 * type is a 400: what a body is is not guessed from its bytes.
 */
export function assertContentType(context: RequestContext<object>, type: BodyType): void {
  const contentType = context.header("content-type");
  if (contentType === undefined) {
    throw withoutStack(() => new MissingHeaderError("Content-Type"));
  }
  if (type.usual.includes(contentType)) {
    return;
  }
  const parsed = parseMediaType(contentType);
  if (parsed === null || !type.accepts(parsed.essence)) {
    throw unsupported(`The body must be of the type ${type.accept.replaceAll(", ", " or ")}.`, type);
  }
  if (type.isText && parsed.parameters.some(([name, value]) => name === "charset" && !UTF_8.test(value))) {
    throw unsupported("The body must be in UTF-8.", type);
  }
}

/** ASCII is UTF-8, too; the WHATWG Encoding Standard (§4.2) knows `utf8` without its hyphen. */
const UTF_8 = /^(?:utf-?8|us-ascii)$/i;

function unsupported(message: string, { accept }: BodyType): UnsupportedMediaTypeError {
  return withoutStack(() => new UnsupportedMediaTypeError(message, { headers: { accept } }));
}
