import { isDeferred } from "./node-deferred.ts";
import { announcedLength } from "./node-headers.ts";
import type { NodeRequest } from "./node-types.ts";

/** What Node's parser is at work on. Not documented: where it is not there, nothing is known. */
interface ParserSocket {
  readonly parser?: { getCurrentBuffer?(): Uint8Array } | null;
}

/** The end of a head, also in the ways that a lenient parser takes for one (RFC 9112 §2.2). */
const END_OF_HEAD = /\r?\n\r?\n/;

/**
 * Whether the bytes that Node has just read are those of `request`, body included, from its first one to its last one. To be
 * asked in the turn in which the request arrives, and false when that cannot be told: when it came in several reads, behind
 * another one, or had to wait.
 */
export function cameAlone(request: NodeRequest): boolean {
  const { parser } = (request.socket ?? {}) as ParserSocket;
  if (typeof parser?.getCurrentBuffer !== "function" || isDeferred(request)) {
    return false;
  }
  const bytes = parser.getCurrentBuffer();
  // One byte a character, so that indices are those of bytes.
  const text = new TextDecoder("latin1").decode(bytes);
  const head = END_OF_HEAD.exec(text);
  // A read that begins with a head is no rest of another one: the first empty line in it is the end of this head.
  return (
    head !== null &&
    text.startsWith(`${request.method} ${request.originalUrl ?? request.url} HTTP/1.`) &&
    head.index + head[0].length + announcedLength(request.rawHeaders) === bytes.byteLength
  );
}
