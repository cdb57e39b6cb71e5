import { withoutStack } from "../common/argania-error.ts";
import type { RequestContext } from "../request/request-context.ts";
import { UnsupportedMediaTypeError } from "./body-errors.ts";
import { MissingHeaderError } from "./extractor-errors.ts";

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
  const parsed = parseContentType(contentType);
  if (parsed === null || !type.accepts(parsed.essence)) {
    throw unsupported(`The body must be of the type ${type.accept.replaceAll(", ", " or ")}.`, type);
  }
  if (type.isText && !parsed.charsets.every((charset) => UTF_8.test(charset))) {
    throw unsupported("The body must be in UTF-8.", type);
  }
}

/** ASCII is UTF-8, too; the WHATWG Encoding Standard (§4.2) knows `utf8` without its hyphen. */
const UTF_8 = /^(?:utf-?8|us-ascii)$/i;

function unsupported(message: string, { accept }: BodyType): UnsupportedMediaTypeError {
  return withoutStack(() => new UnsupportedMediaTypeError(message, { headers: { accept } }));
}

/** RFC 9110 §5.6.2: the characters of a token. */
const TOKEN = "[!#$%&'*+\\-.^_`|~\\dA-Za-z]+";
const ESSENCE = new RegExp(`^[ \\t]*(${TOKEN}/${TOKEN})[ \\t]*`);
/** RFC 9110 §5.6.6; a value is a token or a quoted string, and there may be nothing between two semicolons. */
const PARAMETER = new RegExp(`;[ \\t]*(?:(${TOKEN})=(${TOKEN}|"(?:[^"\\\\]|\\\\.)*"))?[ \\t]*`, "y");

/** The media type and every charset of a header, or `null` when it is malformed (RFC 9110 §8.3.1). */
function parseContentType(header: string): { essence: string; charsets: readonly string[] } | null {
  const [before = "", essence = ""] = ESSENCE.exec(header) ?? [];
  if (essence === "") {
    return null;
  }
  const charsets: string[] = [];
  PARAMETER.lastIndex = before.length;
  while (PARAMETER.lastIndex < header.length) {
    const match = PARAMETER.exec(header);
    if (match === null) {
      return null;
    }
    const [, name, value = ""] = match;
    if (name?.toLowerCase() === "charset") {
      charsets.push(value.startsWith('"') ? value.slice(1, -1).replace(/\\(.)/g, "$1") : value);
    }
  }
  return { essence: essence.toLowerCase(), charsets };
}
