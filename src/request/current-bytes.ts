import { isDeferred } from "./node-deferred.ts";
import { announcedLength } from "./node-headers.ts";
import type { NodeRequest } from "./node-types.ts";

/** What Node's parser is at work on. Not documented: where it is not there, nothing is known. */
interface ParserSocket {
  readonly parser?: { getCurrentBuffer?(): LatinBytes } | null;
}

interface LatinBytes {
  toString(encoding: "latin1"): string;
}

/** The end of a head, also in the ways that a lenient parser takes for one (RFC 9112 §2.2). */
const END_OF_HEAD = /\r?\n\r?\n/;

/**
 * Whether the bytes that Node has just read are those of `request`, from its first one to its last one. To be asked in the
 * turn in which the request arrives, and false when that cannot be told: when it has a body, came in several reads, behind
 * another one, or had to wait.
 *
 * Without a body nothing can follow a head that ends where the bytes end. With one, the bytes could begin with the
 * body of a request before, written so as to look like this one's head.
 */
export function cameAlone(request: NodeRequest): boolean {
  const { parser } = (request.socket ?? {}) as ParserSocket;
  if (
    typeof parser?.getCurrentBuffer !== "function" ||
    isDeferred(request) ||
    announcedLength(request.rawHeaders) !== 0
  ) {
    return false;
  }
  // One byte a character.
  const text = parser.getCurrentBuffer().toString("latin1");
  const head = END_OF_HEAD.exec(text);
  return (
    head !== null &&
    text.startsWith(`${request.method} ${request.originalUrl ?? request.url} HTTP/1.`) &&
    head.index + head[0].length === text.length
  );
}
