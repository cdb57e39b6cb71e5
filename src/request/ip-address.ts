/** The bit that sets IPv4 addresses apart from the 128 bits of IPv6 ones: a block of either never has the other. */
export const IPV4_MARK: bigint = 0x1_00000000_00000000_00000000_00000000n;

/** A zone is only of use to the host that wrote it (RFC 4007 §11). */
const ZONE = /%[\w.~-]+$/;

/** An IP address as a number, equal for all its spellings; `null` when `text` is no IP address. */
export function parseIpAddress(text: string): bigint | null {
  return text.includes(":") ? parseIpv6(text.replace(ZONE, "")) : parseIpv4(text);
}

function parseIpv4(text: string): bigint | null {
  const value = ipv4Number(text);
  return value < 0 ? null : IPV4_MARK | BigInt(value);
}

const DOT = 46;
const ZERO = 48;

/**
 * Four octets as one number, -1 for what is not exactly that. No leading zeros: some read them as octal, so that an address
 * would mean two things (RFC 6943 §3.1.1). By hand, since it is done for each request that a proxy sends.
 */
function ipv4Number(text: string): number {
  let value = 0;
  let octet = -1;
  let dots = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === DOT && octet >= 0) {
      value = value * 256 + octet;
      octet = -1;
      dots++;
    } else if (code >= ZERO && code <= ZERO + 9 && octet !== 0) {
      octet = Math.max(octet, 0) * 10 + code - ZERO;
    } else {
      return -1;
    }
    if (octet > 255 || dots > 3) {
      return -1;
    }
  }
  return dots === 3 && octet >= 0 ? value * 256 + octet : -1;
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

/**
 * An address in the one form that it is written in from here on, so that two spellings of one client are one client: IPv4
 * with dots, also where it came as IPv6 (`::ffff:10.0.0.1`), IPv6 as RFC 5952 has it, without its zone. `null` when `text`
 * is no IP address.
 */
export function canonicalIpAddress(text: string): string | null {
  const value = parseIpAddress(text);
  // The only spelling of IPv4 that is read is the canonical one.
  return value === null ? null : text.includes(":") ? formatIpAddress(value) : text;
}

/**
 * The address of a connection as the runtime tells it, IPv4 as IPv4: a socket that listens on `::` gives it as IPv6. The
 * rest is canonical already, and its zone tells this host which network it came from.
 */
export function unmappedAddress(text: string): string {
  return text.startsWith("::ffff:") && text.includes(".", 8) ? text.slice(7) : text;
}

function formatIpAddress(value: bigint): string {
  if (value >= IPV4_MARK) {
    return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 0xffn).join(".");
  }
  const groups = Array.from({ length: 8 }, (_, index) => (value >> BigInt(112 - 16 * index)) & 0xffffn);
  const text = groups.map((group) => group.toString(16)).join(":");
  const longest = [...text.matchAll(ZEROS)].reduce(
    (best, { 0: run, index }) => (run.length > best.run.length ? { run, index } : best),
    { run: "", index: 0 },
  );
  return longest.run === ""
    ? text
    : `${text.slice(0, longest.index).replace(/:$/, "")}::${text.slice(longest.index + longest.run.length).replace(/^:/, "")}`;
}

/** Two groups at least (RFC 5952 §4.2.2), each of them `0` and nothing else. */
const ZEROS = /(?<![\da-f])0(?::0)+(?![\da-f])/g;
