import { DefinitionError } from "../common/definition-error.ts";

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

/** The bit that sets IPv4 addresses apart from the 128 bits of IPv6 ones: a block of either never has the other. */
const IPV4_MARK = 1n << 128n;

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

/** A zone is only of use to the host that wrote it (RFC 4007 §11). */
const ZONE = /%[\w.~-]+$/;

/** An IP address as a number, equal for all its spellings; `null` when `text` is no IP address. */
export function parseIpAddress(text: string): bigint | null {
  return text.includes(":") ? parseIpv6(text.replace(ZONE, "")) : parseIpv4(text);
}

/** No leading zeros: some read them as octal, so that an address would mean two things (RFC 6943 §3.1.1). */
const OCTET = /^(?:0|[1-9]\d{0,2})$/;

function parseIpv4(text: string): bigint | null {
  const octets = text.split(".", 5);
  if (octets.length !== 4 || !octets.every((octet) => OCTET.test(octet) && Number(octet) <= 255)) {
    return null;
  }
  return octets.reduce((value, octet) => (value << 8n) | BigInt(octet), IPV4_MARK >> 32n);
}

/** Sixteen bits of an address, in hexadecimal. */
const GROUP = /^[\da-f]{1,4}$/i;

function parseIpv6(text: string): bigint | null {
  const halves = withoutDottedTail(text).split("::", 3);
  const [head = [], tail] = halves.map((half) => (half === "" ? [] : half.split(":", 9)));
  const zeros = 8 - head.length - (tail?.length ?? 0);
  // "::" stands for at least one group (RFC 5952 §4.2.2 only advises against exactly one).
  if (halves.length > 2 || (tail === undefined ? zeros !== 0 : zeros < 1)) {
    return null;
  }
  const groups = [...head, ...new Array<string>(zeros).fill("0"), ...(tail ?? [])];
  if (!groups.every((group) => GROUP.test(group))) {
    return null;
  }
  const value = groups.reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n);
  return value >> 32n === 0xffffn ? IPV4_MARK | (value & 0xffff_ffffn) : value;
}

/** `::ffff:10.0.0.1` as `::ffff:a00:1` (RFC 4291 §2.2); any other text as it is. */
function withoutDottedTail(text: string): string {
  const start = text.lastIndexOf(":") + 1;
  const value = text.includes(".") ? parseIpv4(text.slice(start)) : null;
  if (value === null) {
    return text;
  }
  return `${text.slice(0, start)}${((value >> 16n) & 0xffffn).toString(16)}:${(value & 0xffffn).toString(16)}`;
}
