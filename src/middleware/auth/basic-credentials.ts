export interface BasicCredentials {
  readonly name: string;
  readonly password: string;
}

/** RFC 7617 §2: base64, padded, of name, colon and password. */
const CREDENTIALS = /^basic +([A-Za-z0-9+/]*={0,2})$/i;
const SCHEME = /^basic(?: |$)/i;
/** RFC 7617 §2: neither may have control characters. */
const CONTROL = /\p{Cc}/u;

/**
 * The credentials of an `Authorization` header; `undefined` when there are none of this scheme, `null` when they are
 * malformed. Several headers come joined by commas, which base64 has not: the first one says which scheme it is.
 */
export function basicCredentials(header: string | undefined): BasicCredentials | null | undefined {
  if (header === undefined || !SCHEME.test(header)) {
    return undefined;
  }
  const text = decode(CREDENTIALS.exec(header)?.[1] ?? "");
  const colon = text.indexOf(":");
  return colon < 0 || CONTROL.test(text)
    ? null
    : { name: text.slice(0, colon), password: text.slice(colon + 1) };
}

export function isName(name: string): boolean {
  return name !== "" && !name.includes(":") && isPassword(name);
}

export function isPassword(password: string): boolean {
  return !CONTROL.test(password);
}

/** What `atob` gives has a character for each byte: without these it is the text already. */
const BEYOND_ASCII = /[\x80-\xff]/;

/** Empty, and so without a colon, for what is no base64 or no UTF-8. */
function decode(base64: string): string {
  try {
    const binary = atob(base64);
    if (!BEYOND_ASCII.test(binary)) {
      return binary;
    }
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return "";
  }
}
