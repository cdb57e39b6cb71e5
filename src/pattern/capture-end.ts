import type { CapturePart, SegmentPart } from "./parse-segment.ts";

/** Whether a capture says, or implies, where it ends: by its regex, at the segment's end, or right before a dot. */
export function saysItsEnd({ source }: CapturePart, next: SegmentPart | undefined): boolean {
  return source !== null || next === undefined || (next.kind === "text" && next.text.startsWith("."));
}

/** A capture up to what follows, written with the regex that it would need. */
export function endedCapture({ name }: CapturePart, next: SegmentPart): string {
  const [first = ""] = next.kind === "text" ? next.text : "";
  return `{${name}:${first === "" ? "\\d+" : `[^${first.replace("]", "\\]")}]+`}}`;
}
