import { canonicalIpAddress } from "./ip-address.ts";
import type { RequestSource } from "./request-source.ts";

/** What a trusted proxy says of the client's side of the connection. */
export interface Forwarded {
  readonly peerAddress: string;
  readonly scheme?: "http" | "https";
  readonly host?: string;
}

/** Reads what proxies say; `null` when the peer is not trusted to say anything. */
export type ReadForwarded = (source: RequestSource) => Forwarded | null | "malformed";

/** What one proxy says of the request it has received, as it is written. */
export interface ForwardedHop {
  readonly for?: string;
  readonly proto?: string;
  readonly host?: string;
}

/** No honest request comes through more proxies; the limit bounds what one made up can cost. */
export const MAX_HOPS = 50;

/** The items of a comma-separated header, without the empty ones (RFC 9110 §5.6.1.2). */
export function listItems(value: string | undefined): readonly string[] {
  return (value ?? "")
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}

/** One parameter and what ends it; spaces around `;` are no part of the grammar, yet proxies write them. */
const PARAMETER =
  /[ \t]*(?:(?<name>[\w!#$%&'*+.^`|~-]+)=(?:(?<token>[\w!#$%&'*+.^`|~-]+)|"(?<quoted>(?:[^"\\]|\\.)*)")[ \t]*)?(?<end>[;,]|$)/y;

/**
 * Parses the value of `Forwarded` (RFC 7239 §4), the proxy nearest to the client first; `null` when it is malformed.
 *
 * The whole value counts, the part that comes from the client too: a quotation mark that the client left open would
 * otherwise swallow what a proxy has appended.
 */
export function parseForwarded(value: string): readonly ForwardedHop[] | null {
  const hops: ForwardedHop[] = [];
  let hop = new Map<string, string>();
  PARAMETER.lastIndex = 0;
  for (let end: string | undefined = ","; end !== ""; ) {
    const groups = PARAMETER.exec(value)?.groups;
    if (groups === undefined) {
      return null;
    }
    const name = groups.name?.toLowerCase();
    if (name !== undefined) {
      if (hop.has(name)) {
        return null;
      }
      hop.set(name, groups.token ?? (groups.quoted as string).replace(/\\(.)/g, "$1"));
    }
    end = groups.end as string;
    if (end !== ";" && hop.size > 0) {
      hops.push(Object.fromEntries(hop));
      hop = new Map();
    }
  }
  return hops;
}

/** A node without its port (RFC 7239 §6): an address, IPv6 in brackets. */
const NODE = /^(?:\[([^\]]*:[^\]]*)\]|([^:[\]]+))(?::(?:\d{1,5}|_[\w.-]+))?$/;

/**
 * The IP address in a node, in its canonical form. `null` when there is none: proxies hide addresses (`unknown`, `_name`,
 * RFC 7239 §6.2 and §6.3), and not all of them write what they should.
 */
export function nodeAddress(node: string): string | null {
  const [, ipv6, other] = NODE.exec(node) ?? [];
  return canonicalIpAddress(ipv6 ?? other ?? node);
}
