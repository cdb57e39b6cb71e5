/**
 * A serialized origin as browsers send it (RFC 6454 §6.2, HTML Standard §7.1.1): a scheme, a host in lower case and in
 * ASCII, a port unless it is the default one. No path, no user name, no final dot.
 */
const SERIALIZED =
  /^[a-z][a-z\d+.-]{0,31}:\/\/(?:[a-z\d_](?:[a-z\d_.-]{0,253}[a-z\d_])?|\[[\da-f:.]{2,45}\])(?::\d{1,5})?$/;

/** What browsers send for pages that are kept apart: sandboxed frames, `data:` and `file:` URLs, some redirects. */
export const OPAQUE_ORIGIN = "null";

/** Whether a value of `Origin` is one that a browser sends for a page with an origin of its own. */
export function isSerializedOrigin(origin: string): boolean {
  return SERIALIZED.test(origin);
}

/**
 * Refuses an origin that no browser ever sends in this spelling, and that would match nothing therefore.
 *
 * Throws a `TypeError` that says what to write.
 */
export function assertOrigin(owner: string, origin: string): void {
  const canonical = canonicalOf(origin);
  if (isSerializedOrigin(origin) && (canonical === undefined || canonical === origin)) {
    return;
  }
  const advice =
    canonical === undefined
      ? 'write a scheme and a host, as in "https://example.com" or "http://localhost:5173"'
      : `write "${canonical}"`;
  throw new TypeError(
    `"${origin}" in ${owner} is no origin as browsers send it, so that it would never match: ${advice}.`,
  );
}

/** As browsers write it: in lower case and Punycode, without path and default port. */
function canonicalOf(origin: string): string | undefined {
  try {
    const url = new URL(origin);
    const text = url.origin === "null" ? `${url.protocol}//${url.host}` : url.origin;
    return isSerializedOrigin(text) ? text : undefined;
  } catch {
    return undefined;
  }
}
