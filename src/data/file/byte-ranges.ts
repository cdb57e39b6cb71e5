import type { ByteSpan } from "./file-body.ts";

/** Parts of the file in ascending order; or the file as a whole; or nothing of it. */
export type WantedRanges = readonly ByteSpan[] | "whole" | "unsatisfiable";

/** More than that are no honest request for parts of one file. */
const MOST_REQUESTED = 200;
/** More parts than that are not worth their heads. */
const MOST_SENT = 16;
/** About as long as the head of a part: a smaller gap costs less than another part (RFC 9110 §15.3.7.2). */
const GAP = 80;

/**
 * What of `size` bytes a `Range` asks for (RFC 9110 §14.1.2, §14.2). Unknown units, malformed sets and sets that would
 * cost more than the file itself are ignored, as §14.2 allows: overlapping ranges are put together, so that
 * `bytes=0-,0-,0-` cannot multiply what is sent.
 *
 * The package `range-parser` calls a suffix longer than the file unsatisfiable, where §14.1.2 has the whole file meant,
 * and does not take a reversed range for the malformed one that it is.
 */
export function wantedRanges(header: string, size: number): WantedRanges {
  const specs = specsOf(header);
  // An empty file has no bytes to name. Clients that put a range into every request shall get it all the same.
  if (specs === null || specs.length === 0 || size === 0) {
    return "whole";
  }
  const spans: ByteSpan[] = [];
  for (const spec of specs) {
    const span = spanOf(spec, size);
    if (span === "malformed") {
      return "whole";
    }
    if (span !== null) {
      spans.push(span);
    }
  }
  if (spans.length === 0) {
    return "unsatisfiable";
  }
  const merged = merge(spans);
  const total = merged.reduce((sum, { start, end }) => sum + end - start, 0);
  // One range that is the whole file is answered as one: players ask for "bytes=0-" to see whether there are ranges.
  return specs.length > 1 && (merged.length > MOST_SENT || total >= size) ? "whole" : merged;
}

/** The single ranges, or `null` when the header is about something else or about too much. */
function specsOf(header: string): readonly string[] | null {
  const equals = header.indexOf("=");
  if (header.slice(0, Math.max(equals, 0)).trim().toLowerCase() !== "bytes") {
    return null;
  }
  const items = header.slice(equals + 1).split(",", MOST_REQUESTED + 1);
  // A list may have empty items (RFC 9110 §5.6.1.2).
  return items.length > MOST_REQUESTED
    ? null
    : items.map((item) => item.trim()).filter((item) => item !== "");
}

const SPEC = /^(\d*)-(\d*)$/;

/** `null` is a range that has nothing of the file. */
function spanOf(spec: string, size: number): ByteSpan | null | "malformed" {
  const [, first = "", last = ""] = SPEC.exec(spec) ?? [];
  if (first === "" && last === "") {
    return "malformed";
  }
  if (first === "") {
    const length = Math.min(Number(last), size);
    return length === 0 ? null : { start: size - length, end: size };
  }
  const start = Number(first);
  if (last !== "" && Number(last) < start) {
    return "malformed";
  }
  return start >= size ? null : { start, end: last === "" ? size : Math.min(Number(last) + 1, size) };
}

function merge(spans: readonly ByteSpan[]): readonly ByteSpan[] {
  const merged: ByteSpan[] = [];
  for (const span of [...spans].sort((one, other) => one.start - other.start)) {
    const before = merged.at(-1);
    if (before !== undefined && span.start - before.end < GAP) {
      merged[merged.length - 1] = { start: before.start, end: Math.max(before.end, span.end) };
    } else {
      merged.push(span);
    }
  }
  return merged;
}
