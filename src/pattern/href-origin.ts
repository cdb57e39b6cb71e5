/** Where a URL begins: as text, `https://example.com:8080`, or in parts. */
export type HrefOrigin = string | OriginParts;

/** What is left out comes from the host pattern; the scheme is `https` by default. */
export interface OriginParts {
  readonly scheme?: "http" | "https";
  readonly host?: string;
  readonly port?: number;
}

/**
 * Checks an origin and brings its host into the form of requests; `fail` gets the problem if there is one.
 */
export function parseOrigin(origin: HrefOrigin, fail: (problem: string) => never): OriginParts {
  if (typeof origin === "string") {
    return (
      parseText(origin) ?? fail(`"${origin}" is not an origin. Write it as in "https://example.com:8080".`)
    );
  }
  const { scheme, host, port } = origin;
  if (scheme !== undefined && scheme !== "http" && scheme !== "https") {
    return fail(`"${scheme as string}" is not a scheme of HTTP. Write "http" or "https".`);
  }
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65_536)) {
    return fail(`${port} is not a port.`);
  }
  if (host === undefined) {
    return origin;
  }
  const parsed = /:\d*$/.test(host) ? null : parseText(`http://${host}`);
  if (parsed?.host === undefined) {
    return fail(`"${host}" is not a host. Write it without its port, as in "example.com".`);
  }
  return { ...origin, host: parsed.host };
}

function parseText(text: string): OriginParts | null {
  const url = ORIGIN.test(text) ? parseUrl(text) : null;
  if (url === null) {
    return null;
  }
  return {
    scheme: url.protocol === "http:" ? "http" : "https",
    host: url.hostname.replace(/\.$/, ""),
    ...(url.port === "" ? {} : { port: Number(url.port) }),
  };
}

/** No user name, path, query or fragment: in an origin, all of them are mistakes. */
const ORIGIN = /^https?:\/\/[^/\\?#@\s]+\/?$/i;

function parseUrl(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}
