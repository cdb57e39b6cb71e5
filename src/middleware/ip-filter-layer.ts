import { withoutStack } from "../common/argania-error.ts";
import { assertOptions } from "../common/assert-options.ts";
import { describeValue } from "../common/describe-value.ts";
import type { Handler, ResponseHandler } from "../handler/handler.ts";
import { asResponseHandler } from "../handler/layer.ts";
import { parseIpAddress } from "../request/ip-address.ts";
import { type IpRange, parseIpRanges } from "../request/ip-range.ts";
import { ErrorResponse } from "../response/error-response.ts";

/** The client's address is not one that may have this (403). */
export class ForbiddenAddressError extends ErrorResponse {
  readonly code = "ARGANIA_FORBIDDEN_ADDRESS";
  readonly status = 403;

  constructor() {
    super("This is not for your address.");
  }
}

export interface IpFilterOptions {
  /** Those that may pass: IP addresses, CIDR blocks, `"loopback"`, `"linklocal"`, `"uniquelocal"`. Default: all. */
  readonly allow?: readonly string[];
  /** Those that may not, even if `allow` has them. Default: none. */
  readonly deny?: readonly string[];
}

/**
 * Lets clients pass by their IP address, `context.peerAddress`; to all others it answers 403.
 *
 * Addresses are compared as numbers: no other spelling of an address leads around a range. A client whose address is not
 * known (a Unix socket, a runtime that does not tell) is refused. Behind a proxy `peerAddress` is the proxy's, unless
 * `intoService({ trustedProxies })` or a `RemoteIpLayer` further out says otherwise.
 *
 * A request gets a `ForbiddenAddressError` (403, `ARGANIA_FORBIDDEN_ADDRESS`). Throws a `TypeError` for options that are
 * missing or unknown, an `IpRangeError` (`ARGANIA_IP_RANGE`) for what is no range.
 *
 * @example
 * ```ts
 * root.subresource("/metrics").addLayerTo(_requestReceiver(new IpFilterLayer({ allow: ["loopback", "10.0.0.0/8"] })));
 * ```
 */
export class IpFilterLayer {
  readonly #allow: IpRange | null;
  readonly #deny: IpRange | null;

  constructor(options: IpFilterOptions) {
    assertOptions("IpFilterLayer", options, ["allow", "deny"]);
    this.#allow = rangeOf("allow", options.allow);
    this.#deny = rangeOf("deny", options.deny);
    if (this.#allow === null && this.#deny === null) {
      throw new TypeError('IpFilterLayer takes allow, deny, or both: write { allow: ["10.0.0.0/8"] }.');
    }
  }

  wrap(handler: ResponseHandler): Handler {
    return asResponseHandler((context, args) => {
      if (!this.#passes(context.peerAddress)) {
        throw withoutStack(() => new ForbiddenAddressError());
      }
      return handler(context, args);
    });
  }

  #passes(address: string): boolean {
    return (
      parseIpAddress(address) !== null &&
      this.#allow?.contains(address) !== false &&
      this.#deny?.contains(address) !== true
    );
  }
}

function rangeOf(name: string, ranges: unknown): IpRange | null {
  if (ranges === undefined) {
    return null;
  }
  if (!Array.isArray(ranges) || ranges.length === 0) {
    throw new TypeError(
      `${name} of IpFilterLayer is an array of addresses and ranges, not ${Array.isArray(ranges) ? "an empty one" : describeValue(ranges)}: write ["10.0.0.0/8"].`,
    );
  }
  return parseIpRanges(ranges as string[]);
}
