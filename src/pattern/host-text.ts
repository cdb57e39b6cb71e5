import type { SegmentPart, TextPart } from "./parse-segment.ts";
import { PatternError, type PatternPlace } from "./pattern-error.ts";

/** RFC 3986 §3.2.2: an IPv6 literal, as far as its characters go; `URL` checks the rest. */
const IPV6 = /^\[[\da-f:.]+\]/i;

/** Refuses static text that the host of a request never has: ports, user names, paths, empty labels. */
export function checkHostText(text: string, parts: readonly SegmentPart[], place: PatternPlace): void {
  const ipv6Length = IPV6.exec(text)?.[0].length ?? 0;
  for (const part of parts) {
    if (part.kind === "text") {
      const isFirst = part === parts[0];
      checkPart(part, isFirst, isFirst ? ipv6Length : 0, place.pattern);
    }
  }
}

/** The text as hosts are compared: lower case, Punycode, without the dot of the DNS root. */
export function asciiHost(part: TextPart, parts: readonly SegmentPart[], place: PatternPlace): string {
  const isFirst = part === parts[0];
  const isLast = part === parts.at(-1);
  const text = isLast ? part.text.replace(/\.$/, "") : part.text;
  if (IPV6.test(text)) {
    return hostnameOf(text) ?? failAt(part, place, "this is no IPv6 address", 'Write it as in "[::1]".');
  }
  const labels = text.split(".");
  const last = labels.length - 1;
  return labels
    .map((label, index) => {
      if (ASCII.test(label)) {
        return label.toLowerCase();
      }
      // Punycode encodes whole labels, so one that a capture completes cannot be encoded.
      const isWhole = (index > 0 || isFirst) && (index < last || isLast);
      const encoded = isWhole ? hostnameOf(label) : null;
      return (
        encoded ??
        failAt(
          part,
          place,
          `"${label}" cannot be turned into Punycode`,
          'Write the label as clients send it, "xn--…".',
        )
      );
    })
    .join(".");
}

const ASCII = /^[\0-\x7f]*$/;
const NOT_IN_HOSTS = /[^A-Za-z\d_.\-\u{80}-\u{10FFFF}]/u;

/** Checks what follows the first `skipped` characters of a text. */
function checkPart({ raw, position }: TextPart, isFirst: boolean, skipped: number, pattern: string): void {
  const bad = NOT_IN_HOSTS.exec(raw.slice(skipped));
  if (bad !== null) {
    const [reason, hint] = explain(bad[0], raw.slice(skipped + bad.index));
    throw new PatternError({ pattern, position: position + skipped + bad.index, reason, hint });
  }
  const dots = raw.indexOf("..");
  if (dots !== -1 || (isFirst && raw.startsWith("."))) {
    throw new PatternError({
      pattern,
      position: position + dots + 1,
      reason: "there is an empty label before this dot",
      hint: 'Remove the dot, or name the label, as in "{tenant}.example.com".',
    });
  }
}

function explain(character: string, rest: string): readonly [reason: string, hint: string] {
  const name = /^:([A-Za-z_]\w*)/.exec(rest)?.[1];
  switch (character) {
    case ":":
      if (name !== undefined) {
        return ["a capture is written in braces", `Write {${name}}, as in "{${name}}.example.com".`];
      }
      return ["hosts are matched without their port", "Leave it out: a host is matched on every port."];
    case "@":
      return ["a host has no user name or password", 'Write what follows the "@" only.'];
    case "*":
      return ["a host has no wildcards", 'Write a capture, as in "{tenant}.example.com".'];
    case "/":
      return ["a host has no path", "Give the path to a resource, and the resource to the host."];
    default:
      return [
        `${JSON.stringify(character)} is not a character of hosts`,
        'Hosts have letters, digits, "-", "_" and dots, as in "example.com".',
      ];
  }
}

function failAt(part: TextPart, { pattern }: PatternPlace, reason: string, hint: string): never {
  throw new PatternError({ pattern, position: part.position, reason, hint });
}

function hostnameOf(host: string): string | null {
  try {
    return new URL(`http://${host}`).hostname;
  } catch {
    return null;
  }
}
