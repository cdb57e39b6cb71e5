// What the static suite asks for: files of several sizes, and a file that the client has already.

import { existsSync, mkdirSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "../lib/paths.mjs";

export const directory = join(build, "static-files");

/** Long ago: what has just been changed is treated with more care. */
const CHANGED_AT = new Date("2026-01-02T03:04:05Z");

const SIZES = { "small.txt": 1024, "medium.txt": 100 * 1024, "large.txt": 10 * 1024 * 1024 };

const CONDITIONAL = [
  ...["static-argania", "static-argania:trusted", "static-argania:uncached", "static-raw"],
  ...["static-fastify", "static-sirv", "static-sirv:dev", "static-serve", "static-h3"],
];
export const staticContenders = [...CONDITIONAL, "static-hono"];

export const staticScenarios = {
  "static-1k": { request: { path: "/small.txt" } },
  "static-100k": { request: { path: "/medium.txt" } },
  "static-10m": {
    // More of them would not get one file each within a short turn.
    request: { path: "/large.txt", connections: 8 },
  },
  "static-304": {
    request: { path: "/medium.txt" },
    isConditional: true,
    contenders: CONDITIONAL,
    status: 304,
    compares: [],
  },
};

/** Once, before the servers start. */
export function makeFiles() {
  mkdirSync(directory, { recursive: true });
  for (const [name, size] of Object.entries(SIZES)) {
    const path = join(directory, name);
    if (!existsSync(path) || statSync(path).size !== size) {
      writeFileSync(path, "0123456789abcde\n".repeat(size / 16));
      utimesSync(path, CHANGED_AT, CHANGED_AT);
    }
  }
}
