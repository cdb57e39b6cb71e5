import { authorityOf, NO_AUTHORITY } from "./authority.ts";
import type { Forwarded, ReadForwarded } from "./forwarded.ts";
import type { RequestSource } from "./request-source.ts";
import { Route } from "./route.ts";
import type { TargetProblem } from "./route-path.ts";

/** Why a request is refused before it enters the tree; answered with 400. */
export type RequestProblem = TargetProblem | "host" | "forwarded";

/** `scheme://authority` in front of a path: the absolute form that clients send to proxies (RFC 9112 §3.2.2). */
const ABSOLUTE_FORM = /^https?:\/\/([^/?#\\]*)(.*)$/i;

/**
 * Parses the host of a request and finds its target, once for everything that comes after. Whether the target's path
 * is well-formed is found out where it is matched.
 *
 * The authority of an absolute target wins over `Host` (RFC 9112 §3.2.2); what a trusted proxy says wins over both.
 */
export function openRoute(
  source: RequestSource,
  readForwarded: ReadForwarded | null,
): Route | RequestProblem {
  let { target } = source;
  let hostValue = source.hostHeader;
  if (hostValue === null || (hostValue !== undefined && authorityOf(hostValue) === null)) {
    return "host";
  }
  if (target.charCodeAt(0) !== SLASH) {
    const match = ABSOLUTE_FORM.exec(target);
    if (match === null) {
      return "form";
    }
    hostValue = match[1] as string;
    target = (match[2] as string).startsWith("/") ? (match[2] as string) : `/${match[2]}`;
  }
  let forwarded: Forwarded | null = null;
  if (readForwarded !== null) {
    const outcome = readForwarded(source);
    if (outcome === "malformed") {
      return "forwarded";
    }
    forwarded = outcome;
    hostValue = forwarded?.host ?? hostValue;
  }
  const authority =
    hostValue === undefined && source.mayLackHost ? NO_AUTHORITY : authorityOf(hostValue ?? "");
  if (authority === null) {
    return "host";
  }
  return new Route(target, authority, forwarded);
}

const SLASH = 47;
