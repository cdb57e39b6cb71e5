/** The host part of a request, as hosts are matched: lower case, no port, no root dot. */
export interface Authority {
  readonly host: string;
  /** With its port, as a URL needs it. */
  readonly hostAndPort: string;
}

/** A reg-name as DNS has it, or an IPv6 literal; then a port. Commas, user names, paths: none of them is a host. */
const AUTHORITY =
  /^(?:(?<name>[a-z\d_](?:[a-z\d_.-]{0,253}[a-z\d_])?)\.?|(?<ipv6>\[[\da-f:.]{2,45}\]))(?::(?<port>\d{0,5}))?$/i;

/**
 * Parses the value of `Host` or `:authority` (RFC 9110 §7.2); `null` when it is malformed.
 *
 * Hosts are case-insensitive and `example.com.` is `example.com` with the DNS root spelled out.
 */
export function parseAuthority(value: string): Authority | null {
  const match = AUTHORITY.exec(value);
  if (match === null) {
    return null;
  }
  const { name, ipv6, port } = match.groups as { name?: string; ipv6?: string; port?: string };
  if (name?.includes("..") || (port !== undefined && Number(port) > 65_535)) {
    return null;
  }
  const host = canonicalHost(ipv6 ?? (name as string));
  return host === null ? null : { host, hostAndPort: port ? `${host}:${port}` : host };
}

/**
 * One spelling for each host (`[0:0::1]` is `[::1]`), as URLs and host patterns have it; `null` for what no URL can
 * hold, such as `999.1.1.1`: it would fail later, where somebody asks for `context.url`.
 */
function canonicalHost(host: string): string | null {
  try {
    return new URL(`http://${host}/`).hostname;
  } catch {
    return null;
  }
}

/** For requests of HTTP/1.0, which may name no host. */
export const NO_AUTHORITY: Authority = { host: "", hostAndPort: "" };

/** Distinct hosts are few; the limit only stops a client that makes them up. */
const CACHE_LIMIT = 512;
const cache = new Map<string, Authority>();
let lastValue: string | null = null;
let lastAuthority: Authority = NO_AUTHORITY;

/** {@link parseAuthority}, remembering what it has parsed. */
export function authorityOf(value: string): Authority | null {
  if (value === lastValue) {
    return lastAuthority;
  }
  let authority = cache.get(value) ?? null;
  if (authority === null) {
    authority = parseAuthority(value);
    if (authority === null) {
      return null;
    }
    if (cache.size >= CACHE_LIMIT) {
      cache.clear();
    }
    cache.set(value, authority);
  }
  lastValue = value;
  lastAuthority = authority;
  return authority;
}
