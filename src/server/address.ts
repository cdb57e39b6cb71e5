import { AddressError } from "./server-errors.ts";

/**
 * Where a server listens: `"127.0.0.1:8080"`, `"[::1]:8080"`, `"localhost:8080"`, `":8080"` or `8080` (every
 * interface, IPv6 and IPv4), or `{ host, port }`. Port 0 takes a free port.
 */
export type Address = string | number | { readonly host?: string; readonly port: number };

/** An address that can be given to Node; without a host it is every interface. */
export interface ListenAddress {
  readonly host: string | undefined;
  readonly port: number;
}

/** An address that a server is bound to. */
export interface BoundAddress {
  /** The IP address, without brackets. */
  readonly host: string;
  readonly port: number;
  readonly family: "IPv4" | "IPv6";
}

const HOST_AND_PORT =
  /^(?:\[(?<ip6>[\da-fA-F:.]+(?:%[\w.-]+)?)\]|(?<host>[^\s:/\\[\]@?#]*)):(?<port>\d{1,5})$/;
const MAX_PORT = 65_535;

/** Reads an address; throws an `AddressError` (`ARGANIA_ADDRESS`) that says what to write instead. */
export function parseAddress(address: Address): ListenAddress {
  if (typeof address === "number") {
    return { host: undefined, port: checkedPort(address, address) };
  }
  if (typeof address === "string") {
    return parseText(address);
  }
  if (typeof address !== "object" || address === null) {
    throw malformed(address, 'Write "127.0.0.1:8080".');
  }
  const { host, port } = address;
  if (host !== undefined && (typeof host !== "string" || host === "")) {
    throw malformed(address, "Leave the host out to listen on every interface.");
  }
  return { host: host?.replace(/^\[(.*)\]$/, "$1"), port: checkedPort(port, address) };
}

/** Reads one address or several, at least one. */
export function parseAddresses(addresses: Address | readonly Address[]): ListenAddress[] {
  const list = Array.isArray(addresses) ? (addresses as readonly Address[]) : [addresses as Address];
  if (list.length === 0) {
    throw new AddressError('No address was given. Write "127.0.0.1:8080".');
  }
  return list.map(parseAddress);
}

function parseText(text: string): ListenAddress {
  const found = HOST_AND_PORT.exec(text)?.groups;
  if (found === undefined) {
    throw malformed(text, adviceFor(text));
  }
  const host = found.ip6 ?? found.host;
  return { host: host === "" ? undefined : host, port: checkedPort(Number(found.port), text) };
}

function adviceFor(text: string): string {
  if (/^\d+$/.test(text)) {
    return `Write ":${text}" for every interface or "127.0.0.1:${text}" for this machine only.`;
  }
  if (/^[a-z][a-z\d+.-]*:\/\//i.test(text)) {
    return 'An address is no URL: write the host and the port only, as in "127.0.0.1:8080".';
  }
  if (/^[\da-f:.]*:[\da-f:.]*:\d+$/i.test(text)) {
    const colon = text.lastIndexOf(":");
    return `An IPv6 address needs brackets: write "[${text.slice(0, colon)}]:${text.slice(colon + 1)}".`;
  }
  return 'Write "host:port", as in "127.0.0.1:8080", "[::1]:8080" or ":8080".';
}

function checkedPort(port: number, address: Address): number {
  if (!Number.isInteger(port) || port < 0 || port > MAX_PORT) {
    const origin = Number.isNaN(port)
      ? ", and NaN what Number(…) makes of a text that is none, or is not there"
      : "";
    throw malformed(address, `A port is an integer from 0 (any free port) to ${MAX_PORT}${origin}.`);
  }
  return port;
}

function malformed(address: unknown, advice: string): AddressError {
  const text = JSON.stringify(address, (_, value: unknown) =>
    // JSON would make null of NaN.
    typeof value === "number" && !Number.isFinite(value) ? `<${value}>` : value,
  )?.replace(/"<(NaN|-?Infinity)>"/g, "$1");
  return new AddressError(`Malformed address ${text ?? String(address)}. ${advice}`);
}

/** An address as people write it. */
export function addressText({ host, port }: ListenAddress): string {
  return `${bracketed(host ?? "")}:${port}`;
}

/** The URL to open in a browser; `localhost` for a server that listens on every interface. */
export function urlOf(scheme: "http" | "https", { host, port }: BoundAddress): string {
  const reachable = host === "::" || host === "0.0.0.0" ? "localhost" : bracketed(host);
  return `${scheme}://${reachable}:${port}`;
}

function bracketed(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}
