/**
 * Whether a page comes from the host that the request names. A request that came by HTTPS wants a page that did;
 * otherwise both are taken, since something in front may have ended TLS. A host without a port has the default one
 * of the page's own scheme.
 *
 * @param origin the value of `Origin`, from any client
 * @param url of the request
 */
export function isSameOrigin(origin: string, url: URL): boolean {
  const { protocol, host } = parsedOrigin(origin) ?? {};
  if (
    protocol === undefined ||
    (protocol !== "https:" && (protocol !== "http:" || url.protocol === "https:"))
  ) {
    return false;
  }
  return host === new URL(`${protocol}//${url.host}`).host;
}

/** Only what is written as browsers write it: no path, no user, one origin. */
function parsedOrigin(origin: string): URL | undefined {
  try {
    const url = new URL(origin);
    return url.origin === origin || url.origin === origin.toLowerCase() ? url : undefined;
  } catch {
    return undefined;
  }
}
