import { formatQuery, type HrefQuery } from "../../pattern/href-query.ts";
import type { CookiePlace } from "./test-cookie.ts";

/** Where a request goes. */
export interface RequestTarget {
  /** A path exactly as it was written, or a whole URL. */
  readonly written: string;
  /** The URL that redirects are relative to. */
  readonly url: URL;
}

/** A path, `*` for `OPTIONS`, or a URL. Anything else would be a 400 to a test that means something else. */
const WRITTEN = /^(?:\/|\*$|[a-z][a-z\d+.-]*:\/\/)/i;

/**
 * A path stays what it is, where a URL parser would fold `..`; `ws:` and `wss:` are HTTP before they are upgraded.
 *
 * Throws a `TypeError` for a path without its slash.
 */
export function requestTarget(
  pathOrUrl: string | URL,
  query: HrefQuery | undefined,
  origin: string,
): RequestTarget {
  const given = String(pathOrUrl);
  if (!WRITTEN.test(given)) {
    throw new TypeError(
      `A path begins with "/", and a URL with its scheme: write ${JSON.stringify(`/${given}`)} instead of ${JSON.stringify(given)}. What no client should send goes to service.request().`,
    );
  }
  const text = given.replace(/^ws(s?):\/\//i, "http$1://");
  const written = withQuery(text, query);
  if (/^https?:\/\//i.test(written)) {
    return { written, url: new URL(written) };
  }
  // Never resolved against the origin: "//x" would be another one.
  return { written, url: new URL(written.startsWith("/") ? `${origin}${written}` : origin) };
}

function withQuery(text: string, query: HrefQuery | undefined): string {
  const added = formatQuery(query);
  return added === "" ? text : `${text}${text.includes("?") ? `&${added.slice(1)}` : added}`;
}

/** What cookies are checked against. The host that a `Host` header names is the one that is asked. */
export function cookiePlace({ written, url }: RequestTarget, hostHeader: string | null): CookiePlace {
  const host = hostHeader === null ? url.hostname : hostOf(hostHeader, url.hostname);
  const path = written.startsWith("/") ? (written.split(/[?#]/, 1)[0] as string) : url.pathname;
  return { host, path, isSecure: url.protocol === "https:" || LOCAL.test(host) };
}

function hostOf(header: string, fallback: string): string {
  return URL.canParse(`http://${header}`) ? new URL(`http://${header}`).hostname : fallback;
}

/** Browsers take this machine for as safe as HTTPS (Secure Contexts §3.1). */
const LOCAL = /^(?:(?:.+\.)?localhost|127(?:\.\d+){3}|\[::1\])$/;
