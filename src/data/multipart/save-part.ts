import type { FileHandle } from "node:fs/promises";
import { builtinModule } from "../../common/builtin-module.ts";
import { describeValue } from "../../common/describe-value.ts";

export interface SaveOptions {
  /** Whether a file that is there already is replaced, once all of the part has come; `false` by default. */
  readonly overwrite?: boolean;
}

interface Readable {
  read(): Promise<Uint8Array | null>;
}

/** Only asked for when something is saved: not every runtime has files. */
type FileSystem = typeof import("node:fs/promises");

/** Writes what is read to a file; gives the number of bytes. Leaves nothing behind when it fails. */
export async function savePart(
  source: Readable,
  path: string | URL,
  options: SaveOptions = {},
): Promise<number> {
  assertPath(path);
  const { overwrite = false } = options;
  const { open, rename, rm } = fileSystem();
  // Not on top of the old file: it must still be there when the part turns out to be broken.
  const target = overwrite ? besides(path) : path;
  const file = await open(target, "wx");
  try {
    const length = await writeAll(source, file);
    if (overwrite) {
      await rename(target, path);
    }
    return length;
  } catch (error) {
    await rm(target, { force: true });
    throw error;
  }
}

async function writeAll(source: Readable, file: FileHandle): Promise<number> {
  let length = 0;
  try {
    for (let chunk = await source.read(); chunk !== null; chunk = await source.read()) {
      await file.appendFile(chunk);
      length += chunk.byteLength;
    }
  } finally {
    await file.close();
  }
  return length;
}

/** In the same folder: a file cannot be renamed from one file system to another. */
function besides(path: string | URL): string | URL {
  const suffix = `.${crypto.randomUUID()}.part`;
  return typeof path === "string" ? path + suffix : new URL(path.href + suffix);
}

function assertPath(path: unknown): void {
  if (!(path instanceof URL) && (typeof path !== "string" || path === "")) {
    const given = path === "" ? "an empty one" : describeValue(path);
    throw new TypeError(`saveTo takes a path, or a file: URL, not ${given}.`);
  }
}

function fileSystem(): FileSystem {
  const module = builtinModule<FileSystem>("node:fs/promises");
  if (module === undefined) {
    throw new TypeError("saveTo needs node:fs, which this runtime does not have: take stream() instead.");
  }
  return module;
}
