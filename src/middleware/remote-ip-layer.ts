import { assertOptions } from "../common/assert-options.ts";
import { describeValue } from "../common/describe-value.ts";
import { LightHeaders } from "../common/light-headers.ts";
import type { Handler, ResponseHandler } from "../handler/handler.ts";
import { asResponseHandler } from "../handler/layer.ts";
import { nodeAddress } from "../request/forwarded.ts";
import { type IpRange, parseIpRanges } from "../request/ip-range.ts";
import { RequestContext } from "../request/request-context.ts";

/** The header in which each of them tells the client's address. */
const HEADERS = {
  akamai: "true-client-ip",
  cloudflare: "cf-connecting-ip",
  fly: "fly-client-ip",
  nginx: "x-real-ip",
} as const;

/** Networks and proxies whose header is known. */
export type RemoteIpProvider = keyof typeof HEADERS;

export interface RemoteIpOptions {
  /** Who stands in front: `"cloudflare"`, `"akamai"`, `"fly"` or `"nginx"` (with `proxy_set_header X-Real-IP`). */
  readonly provider?: RemoteIpProvider;
  /** The header with the client's address and nothing else, instead of `provider`. */
  readonly header?: string;
  /**
   * The addresses that the header is believed from: IP addresses, CIDR blocks, `"loopback"`, `"linklocal"`,
   * `"uniquelocal"`; or a function that tells of an address whether it is one. Providers publish theirs, and change them.
   */
  readonly peers: readonly string[] | ((address: string) => boolean);
}

/**
 * Takes the client's address from the header that a CDN or a proxy sets, for everything inside of it:
 * `context.peerAddress` is that address from there on.
 *
 * - The header is believed only if `context.peerAddress`, as it is outside of the layer, is one of `peers`: anybody else can
 *   write it, too. Behind proxies of one's own, `intoService({ trustedProxies })` finds that address.
 * - A header that is missing, repeated, or no address changes nothing: the address stays the peer's.
 * - It may have a port, which is dropped. The address is canonical: IPv4 mapped into IPv6 is IPv4.
 *
 * For `X-Forwarded-For` and `Forwarded`, which are lists, and for the scheme and the host there is `trustedProxies`.
 *
 * Throws a `TypeError` for options that are missing, unknown or contradict each other, an `IpRangeError`
 * (`ARGANIA_IP_RANGE`) for peers that are no ranges, a `RangeError` for peers that are everybody.
 *
 * @example
 * ```ts
 * root.addLayerTo(_requestReceiver(new RemoteIpLayer({ provider: "cloudflare", peers: CLOUDFLARE_RANGES })));
 * ```
 * Source: `ActionDispatch::RemoteIp` by way of Loco's `remote_ip`.
 */
export class RemoteIpLayer {
  readonly #header: string;
  readonly #isTrusted: (address: string) => boolean;

  constructor(options: RemoteIpOptions) {
    assertOptions("RemoteIpLayer", options, ["provider", "header", "peers"]);
    this.#header = headerOf(options);
    this.#isTrusted = trustOf(options.peers);
  }

  wrap(handler: ResponseHandler): Handler {
    return asResponseHandler((context, args) => {
      const value = context.header(this.#header);
      if (value !== undefined && this.#isTrusted(context.peerAddress)) {
        const address = nodeAddress(value.trim());
        if (address !== null) {
          RequestContext.routeOf(context).clientAddress = address;
        }
      }
      return handler(context, args);
    });
  }
}

const LISTS: ReadonlySet<string> = new Set(["forwarded", "x-forwarded-for"]);

function headerOf({ provider, header }: RemoteIpOptions): string {
  if ((provider === undefined) === (header === undefined)) {
    throw new TypeError(
      `RemoteIpLayer takes provider or header: write { provider: "cloudflare", peers } or { header: "x-client-ip", peers }.`,
    );
  }
  if (header === undefined) {
    if (!Object.hasOwn(HEADERS, provider as PropertyKey)) {
      throw new TypeError(
        `RemoteIpLayer knows no provider ${shown(provider)}. There are: ${Object.keys(HEADERS).join(", ")}; for any other write header.`,
      );
    }
    return HEADERS[provider as RemoteIpProvider];
  }
  if (typeof header !== "string") {
    throw new TypeError(`header of RemoteIpLayer is the name of a header, not ${describeValue(header)}.`);
  }
  const name = header.toLowerCase();
  if (LISTS.has(name)) {
    throw new TypeError(
      `"${header}" is a list that clients can begin: write intoService({ trustedProxies: { peers } }), which reads it from its end.`,
    );
  }
  // Throws for a name that is none.
  LightHeaders.from({ [name]: "" });
  return name;
}

function trustOf(peers: unknown): (address: string) => boolean {
  if (typeof peers === "function") {
    return peers as (address: string) => boolean;
  }
  if (!Array.isArray(peers) || peers.length === 0) {
    throw new TypeError(
      `peers of RemoteIpLayer are the addresses that its header is believed from, or a function, not ${Array.isArray(peers) ? "an empty array" : describeValue(peers)}.`,
    );
  }
  const range = parseIpRanges(peers as string[]);
  if (isEverybody(range)) {
    throw new RangeError(
      "peers of RemoteIpLayer are everybody: then every client can claim any address. Where nobody else can connect, say so with peers: () => true.",
    );
  }
  return (address) => range.contains(address);
}

/** From the first address to the last one: no list of real peers has both. */
function isEverybody(range: IpRange): boolean {
  return [
    ["0.0.0.0", "255.255.255.255"],
    ["::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"],
  ].some((ends) => ends.every((address) => range.contains(address)));
}

function shown(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : describeValue(value);
}
