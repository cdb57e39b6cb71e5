import { DefinitionError } from "../common/definition-error.ts";
import { IPV4_MARK, parseIpAddress } from "./ip-address.ts";

/** A set of IP addresses. */
export interface IpRange {
  /** Whether `address` is in the range; what is not an IP address is in no range. */
  contains(address: string): boolean;
}

/** A text was given as a range of IP addresses that is none. */
export class IpRangeError extends DefinitionError {
  readonly code = "ARGANIA_IP_RANGE";

  constructor(text: string) {
    super(
      `"${text}" is not a range of IP addresses. Write an address ("10.0.0.1", "2001:db8::1"), ` +
        `a block ("10.0.0.0/8", "fd00::/8"), or one of "${[...NAMED_RANGES.keys()].join('", "')}".`,
      [],
    );
  }
}

/** The names and blocks of `proxy-addr`, which people know from Express (RFC 1122, 1918, 3927, 4193, 4291). */
const NAMED_RANGES: ReadonlyMap<string, readonly string[]> = new Map([
  ["loopback", ["127.0.0.0/8", "::1"]],
  ["linklocal", ["169.254.0.0/16", "fe80::/10"]],
  ["uniquelocal", ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"]],
]);

/** The addresses that equal `prefix` when their last `shift` bits are cut off. */
interface Block {
  readonly prefix: bigint;
  readonly shift: bigint;
}

/**
 * Reads an IPv4 or IPv6 address, a CIDR block, or one of the names `loopback`, `linklocal` and `uniquelocal`.
 *
 * An IPv4 address written as IPv6 (`::ffff:10.0.0.1`, RFC 4291 §2.5.5.2) is that IPv4 address, hence in no block of
 * IPv6, not even `::/0`. Zones (`fe80::1%eth0`) are ignored.
 *
 * @example
 * ```ts
 * parseIpRange("10.0.0.0/8").contains("::ffff:10.1.2.3"); // true
 * parseIpRange("loopback").contains("::1"); // true
 * ```
 * @throws {IpRangeError} `text` is none of these.
 */
export function parseIpRange(text: string): IpRange {
  return parseIpRanges([text]);
}

/** The union of several ranges, each written as for {@link parseIpRange}. */
export function parseIpRanges(texts: readonly string[]): IpRange {
  const blocks = texts.flatMap((text) => (NAMED_RANGES.get(text) ?? [text]).map(parseBlock));
  return {
    contains(address) {
      const value = parseIpAddress(address);
      return value !== null && blocks.some(({ prefix, shift }) => value >> shift === prefix);
    },
  };
}

const BLOCK = /^([^/]+)(?:\/(0|[1-9]\d{0,2}))?$/;

function parseBlock(text: string): Block {
  const [, addressText = "", lengthText] = BLOCK.exec(text) ?? [];
  const address = parseIpAddress(addressText);
  if (address === null) {
    throw new IpRangeError(text);
  }
  const isIpv4 = address >= IPV4_MARK;
  // A prefix length of `::ffff:10.0.0.0/104` counts the 96 bits in front; `::ffff:10.0.0.0/8`, which would be a
  // block with all of IPv4, is surely a mistake.
  const skipped = isIpv4 && addressText.includes(":") ? 96 : 0;
  const bits = isIpv4 ? 32 : 128;
  const length = lengthText === undefined ? bits : Number(lengthText) - skipped;
  if (length < 0 || length > bits) {
    throw new IpRangeError(text);
  }
  const shift = BigInt(bits - length);
  return { prefix: address >> shift, shift };
}
