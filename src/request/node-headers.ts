import { LightHeaders } from "../common/light-headers.ts";

/**
 * The value of a header in Node's list of names and values as they came, several joined as Node joins them;
 * `undefined` when there is none. Node's own `headers` is made of the whole list when it is asked for the first time.
 *
 * @param name in lower case
 */
export function rawHeader(rawHeaders: readonly string[], name: string): string | undefined {
  let found: string | undefined;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const rawName = rawHeaders[index] as string;
    if (rawName.length === name.length && (rawName === name || rawName.toLowerCase() === name)) {
      const value = rawHeaders[index + 1] as string;
      found = found === undefined ? value : `${found}${name === "cookie" ? "; " : ", "}${value}`;
    }
  }
  return found;
}

/** The length of a body that comes in chunks of its own (RFC 9112 §7.1). */
export const UNTOLD: number = Number.POSITIVE_INFINITY;

/** How many bytes the body of a request has, as its head says (RFC 9112 §6.3): 0 for none, or `UNTOLD`. */
export function announcedLength(rawHeaders: readonly string[]): number {
  let length = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const rawName = rawHeaders[index] as string;
    if (rawName.length === 14 && isNamed(rawName, "Content-Length", "content-length")) {
      const value = rawHeaders[index + 1] as string;
      // Node's parser refuses a second one, and what is no number.
      length += value === "0" ? 0 : Number(value) || UNTOLD;
    } else if (rawName.length === 17 && isNamed(rawName, "Transfer-Encoding", "transfer-encoding")) {
      return UNTOLD;
    }
  }
  return length;
}

/** Compared as it is usually written first: a name in lower case has to be made. */
function isNamed(rawName: string, usual: string, name: string): boolean {
  return rawName === usual || rawName === name || rawName.toLowerCase() === name;
}

const COLON = 58;

/** Raw names in lower case, HTTP/2 pseudo headers left out, cookie crumbs joined (RFC 9113 §8.2.3). */
export function lightHeadersOf(rawHeaders: readonly string[]): LightHeaders {
  const list: string[] = [];
  let cookie = -1;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] as string).toLowerCase();
    const value = rawHeaders[index + 1] as string;
    if (name === "cookie" && cookie >= 0) {
      list[cookie] += `; ${value}`;
    } else if (name.charCodeAt(0) !== COLON) {
      list.push(name, value);
      if (name === "cookie") {
        cookie = list.length - 1;
      }
    }
  }
  return new LightHeaders(list);
}
