import {
  type Forwarded,
  type ForwardedHop,
  listItems,
  MAX_HOPS,
  nodeAddress,
  parseForwarded,
  type ReadForwarded,
} from "./forwarded.ts";
import { parseIpRanges } from "./ip-range.ts";
import type { RequestSource } from "./request-source.ts";

/** Whose word on the client's address, scheme and host counts. */
export interface TrustedProxies {
  /**
   * The proxies' addresses: IP addresses, CIDR blocks, `"loopback"`, `"linklocal"`, `"uniquelocal"`; or a function
   * that tells of an address, in its canonical form, whether it is a trusted proxy's.
   *
   * List proxies only, never clients: a trusted client can claim to be anybody. A connection without an address
   * (a Unix socket, a runtime that does not tell) has the address `""`, which only a function can trust.
   */
  readonly peers: readonly string[] | ((address: string) => boolean);
  /**
   * The headers that the proxies set: `"x-forwarded"` (default) for `X-Forwarded-For`, `-Proto` and `-Host`,
   * `"forwarded"` for `Forwarded` (RFC 7239).
   *
   * Only this kind is believed: a proxy that sets the one lets the other through as the client has sent it. For the
   * same reason the proxies have to set or delete all three of the `X-Forwarded` headers.
   */
  readonly header?: "x-forwarded" | "forwarded";
}

type IsTrusted = (address: string) => boolean;

/** The client's end of the trusted part of the way, and the index of the hop that a trusted proxy wrote first. */
interface Origin {
  readonly peerAddress: string;
  readonly firstTrusted: number;
}

/**
 * Makes the reader of what trusted proxies say.
 *
 * Each proxy appends the address of its own peer, so the list is read from its end, for as long as the addresses are
 * those of trusted proxies: the first other one is the client, and what stands before it, which the client may have
 * made up, is not looked at. When a proxy hides its peer (`unknown`, `_name`), or writes what is no address, the farthest
 * address known counts.
 *
 * Malformed are a scheme that would count, a `Forwarded` that cannot be parsed, and more than 50 hops.
 *
 * @example
 * ```ts
 * const read = forwardedReader({ peers: ["loopback", "10.0.0.0/8"] });
 * // From 10.0.0.1, with `X-Forwarded-For: 6.6.6.6, 203.0.113.9, 10.0.0.2` and `X-Forwarded-Proto: https`:
 * read(source); // { peerAddress: "203.0.113.9", scheme: "https" }
 * ```
 * @throws {IpRangeError} One of `peers` is not a range of IP addresses.
 */
export function forwardedReader(options: TrustedProxies): ReadForwarded {
  const { peers, header = "x-forwarded" } = options;
  const isTrusted: IsTrusted = typeof peers === "function" ? peers : rangesOf(peers);
  const read = header === "forwarded" ? readForwarded : readXForwarded;
  return (source) => (isTrusted(source.remoteAddress) ? read(source, isTrusted) : null);
}

function rangesOf(peers: readonly string[]): IsTrusted {
  const range = parseIpRanges(peers);
  return (address) => range.contains(address);
}

/**
 * Of several schemes or hosts the last counts, the nearest proxy's: unlike in `Forwarded`, nothing tells which proxy
 * has written which, and those in front may be the client's own.
 */
function readXForwarded(source: RequestSource, isTrusted: IsTrusted): Forwarded | "malformed" {
  const hops = listItems(source.header("x-forwarded-for")).map((item) => ({ for: item }));
  const origin = originOf(source.remoteAddress, hops, isTrusted);
  const proto = listItems(source.header("x-forwarded-proto")).at(-1);
  const host = listItems(source.header("x-forwarded-host")).at(-1);
  return origin === null ? "malformed" : forwardedOf(origin.peerAddress, proto, host);
}

/**
 * Of several schemes or hosts the one nearest to the client counts that a trusted proxy has written: it is the one
 * that the client used, and later ones are those between proxies.
 */
function readForwarded(source: RequestSource, isTrusted: IsTrusted): Forwarded | "malformed" {
  const hops = parseForwarded(source.header("forwarded") ?? "");
  const origin = hops && originOf(source.remoteAddress, hops, isTrusted);
  if (hops === null || origin === null) {
    return "malformed";
  }
  const trusted = hops.slice(origin.firstTrusted);
  const proto = trusted.find((hop) => hop.proto !== undefined)?.proto;
  const host = trusted.find((hop) => hop.host !== undefined)?.host;
  return forwardedOf(origin.peerAddress, proto, host);
}

/** Walks from the connection towards the client; `null` when the way is too long. */
function originOf(remoteAddress: string, hops: readonly ForwardedHop[], isTrusted: IsTrusted): Origin | null {
  if (hops.length > MAX_HOPS) {
    return null;
  }
  let peerAddress = remoteAddress;
  let firstTrusted = hops.length;
  // Whoever `peerAddress` is has written the hop at hand, and is trusted.
  while (firstTrusted > 0) {
    firstTrusted--;
    const address = nodeAddress(hops[firstTrusted]?.for ?? "unknown");
    if (address === null) {
      break;
    }
    peerAddress = address;
    if (!isTrusted(address)) {
      break;
    }
  }
  return { peerAddress, firstTrusted };
}

/** The host is checked where every host is, when the route is opened. */
function forwardedOf(
  peerAddress: string,
  proto: string | undefined,
  host: string | undefined,
): Forwarded | "malformed" {
  const scheme = proto === undefined ? undefined : SCHEMES.get(proto.toLowerCase());
  if (proto !== undefined && scheme === undefined) {
    return "malformed";
  }
  return { peerAddress, ...(scheme && { scheme }), ...(host !== undefined && { host }) };
}

/** Traefik names WebSockets by their own schemes; their handshakes are HTTP all the same (RFC 6455 §1.7). */
const SCHEMES: ReadonlyMap<string, "http" | "https"> = new Map([
  ["http", "http"],
  ["https", "https"],
  ["ws", "http"],
  ["wss", "https"],
]);
