import { createHash } from "node:crypto";
import { formatHttpDate } from "../../response/http-date.ts";
import type { FileStats } from "./open-file.ts";

/**
 * How long after a change another one may leave no trace, in milliseconds: file systems keep times in steps, FAT in
 * steps of two seconds.
 */
export const TIME_STEP = 2_000;

/**
 * The entity tag of a file by its size and the time of its last change. Not by its inode, which differs between servers
 * that have the same files.
 *
 * It is weak as long as the file has just been changed: another change could follow without changing the time, so that
 * two different files would have one tag. Weak tags save a download, but never put two halves together (RFC 9110 §8.8.1).
 */
export function fileEtag({ size, mtimeMs }: FileStats, now: number = Date.now()): string {
  const tag = `"${size.toString(16)}-${Math.round(mtimeMs * 1_000).toString(16)}"`;
  return now - mtimeMs < TIME_STEP ? `W/${tag}` : tag;
}

/**
 * The entity tag of a file by its bytes, for those that are in memory: it changes with the content even where a
 * deployment sets all times to the same, and servers with the same files agree on it.
 */
export function contentEtag(content: Uint8Array): string {
  return `"${createHash("sha256").update(content).digest("base64url").slice(0, 22)}"`;
}

/** The `Last-Modified` of a file; `null` for one from the future, of which none may be sent (RFC 9110 §8.8.2.1). */
export function fileDate({ mtimeMs }: FileStats, now: number = Date.now()): string | null {
  return mtimeMs > now ? null : formatHttpDate(new Date(mtimeMs));
}

/** The tag of the same file in another coding, which is never the same bytes (RFC 9110 §8.8.3.3). */
export function encodedEtag(etag: string, coding: string, isWeak: boolean): string {
  const weak = isWeak && !etag.startsWith("W/") ? "W/" : "";
  return `${weak}${etag.slice(0, -1)}-${coding}"`;
}
