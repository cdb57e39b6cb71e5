import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { here, root } from "./paths.mjs";
import { rounds, seconds } from "./settings.mjs";

/** What a figure means nothing without. */
export function hostInfo(packages) {
  return {
    date: new Date().toISOString(),
    node: process.version,
    v8: process.versions.v8,
    cpu: `${cpus().length} × ${cpus()[0]?.model.trim() ?? "unknown"}`,
    rounds,
    seconds,
    packages: {
      argania: versionIn(root),
      ...Object.fromEntries(packages.map((name) => [name, version(name)])),
    },
  };
}

function version(name) {
  return versionIn(join(here, "node_modules", name));
}

function versionIn(folder) {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).version;
}
