/** RFC 6750 §2.1: `b64token`. The scheme is case-insensitive, as all are (RFC 9110 §11.1). */
const CREDENTIALS = /^bearer +([A-Za-z0-9\-._~+/]+=*)$/i;
const SCHEME = /^bearer(?: |$)/i;

/**
 * The token of an `Authorization` header; `undefined` when there is none of this scheme, `null` when it is malformed.
 * Several headers come joined by commas, which no token has: where the first is of this scheme they are malformed, else
 * of another, and nobody has to choose one.
 */
export function bearerToken(header: string | undefined): string | null | undefined {
  if (header === undefined || !SCHEME.test(header)) {
    return undefined;
  }
  return CREDENTIALS.exec(header)?.[1] ?? null;
}

/** Whether a text can be a token. */
export function isToken(text: string): boolean {
  return /^[A-Za-z0-9\-._~+/]+=*$/.test(text);
}
