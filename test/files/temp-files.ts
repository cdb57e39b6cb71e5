import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

/** Long ago, so that entity tags are strong. */
export const CHANGED_AT: Date = new Date("2026-01-02T03:04:05.678Z");
export const LAST_MODIFIED = "Fri, 02 Jan 2026 03:04:05 GMT";

/** A directory with these files, which is removed after the test. */
export function tempFiles(files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  const root = makeFiles(files);
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  return root;
}

/** The same, to be removed by oneself. */
export function makeFiles(files: Readonly<Record<string, string | Uint8Array>>): string {
  const root = mkdtempSync(join(tmpdir(), "argania-files-"));
  for (const [name, content] of Object.entries(files)) {
    writeOld(join(root, name), content);
  }
  return root;
}

/** Writes a file that has not been changed for a while. */
export function writeOld(path: string, content: string | Uint8Array, changedAt: Date = CHANGED_AT): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  utimesSync(path, changedAt, changedAt);
}

/** Bytes that differ from place to place. */
export function patternBytes(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let index = 0; index < length; index++) {
    bytes[index] = (index * 31 + (index >> 8)) & 0xff;
  }
  return bytes;
}
