/** About one connection (RFC 9110 §7.6.1), whose fate the server decides: another server's say nothing of ours. */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "transfer-encoding",
  "http2-settings",
  "te",
  // Not of the connection, but Node throws where the framing leaves no place for them.
  "trailer",
]);

/** Node's HTTP/2 takes repeated headers only as arrays and throws on connection headers. */
export function headersObject(headers: readonly string[]): Record<string, string | string[]> {
  const object: Record<string, string | string[]> = Object.create(null);
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] as string;
    const value = headers[index + 1] as string;
    if (name !== "upgrade" && !HOP_BY_HOP.has(name)) {
      const before = object[name];
      object[name] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value];
    }
  }
  return object;
}

/** Whether there is a header that says something of the length or of the connection. */
export function hasConnectionHeaders(headers: readonly string[]): boolean {
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] as string;
    if (isFraming(name) || name === "upgrade") {
      return true;
    }
  }
  return false;
}

/** `Upgrade`, which a 426 must have, is a header of this connection and named as such (RFC 9110 §7.8). */
export function connectionOf(headers: readonly string[], isKept: boolean): string | undefined {
  return headers.some((name, index) => index % 2 === 0 && name === "upgrade")
    ? `upgrade, ${isKept ? "keep-alive" : "close"}`
    : undefined;
}

/** Whether the connection is not to be used again. */
export function asksToClose(headers: readonly string[]): boolean {
  for (let index = 0; index < headers.length; index += 2) {
    if (headers[index] === "connection") {
      return /\bclose\b/i.test(headers[index + 1] as string);
    }
  }
  return false;
}

function isFraming(name: string): boolean {
  return HOP_BY_HOP.has(name) || name === "content-length";
}

/** The headers without those that decide where a response ends, or what becomes of its connection. */
export function unframed(headers: readonly string[]): string[] {
  return headers.filter((_, index) => !isFraming(headers[index - (index % 2)] as string));
}

/** The one length that the headers declare; `undefined` when there is none, or more than one, or nonsense. */
export function declaredLength(headers: readonly string[]): number | undefined {
  const found = headers.filter((_, index) => index % 2 === 1 && headers[index - 1] === "content-length");
  return found.length === 1 && DIGITS.test(found[0] as string) ? Number(found[0]) : undefined;
}

const DIGITS = /^\d{1,15}$/;
