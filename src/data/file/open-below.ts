import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { NO_FOLLOW, type NoFile, type OpenFile, openFile } from "./open-file.ts";
import { relativePathOf } from "./relative-path.ts";
import { RootDirectory } from "./root-directory.ts";

/** Apps name a few directories; one that makes a directory for each request has them looked at anew. */
const MOST_ROOTS = 64;
const roots: Map<string, RootDirectory> = /* @__PURE__ */ new Map();

/**
 * Opens a file that must lie below a directory, as `StaticFiles` does: what the name may hold is asked first, and where
 * the file is once it is open, wherever links have led (CONTRACT §12).
 *
 * Throws a `StaticFilesError` (`ARGANIA_STATIC_FILES`) for what is no directory.
 *
 * @param name a path below the directory, with slashes
 */
export async function openBelow(
  directory: string | URL,
  name: string,
  followsLinks: boolean,
): Promise<OpenFile | NoFile> {
  const relative = relativePathOf(name.split("/"), "deny");
  const root = rootFor(directory, followsLinks);
  if (relative === null) {
    return "missing";
  }
  const path = `${root.path}/${relative}`;
  const opened = await openFile(path, followsLinks ? 0 : NO_FOLLOW);
  if (typeof opened === "string") {
    return opened;
  }
  let isInside = false;
  try {
    isInside = await root.holds(path, relative, opened);
  } finally {
    if (!isInside) {
      opened.close();
    }
  }
  return isInside ? opened : "missing";
}

/** It is looked at once: that takes several calls of the system that wait. */
function rootFor(directory: string | URL, followsLinks: boolean): RootDirectory {
  const path = resolve(typeof directory === "string" ? directory : fileURLToPath(directory));
  const key = `${followsLinks}${path}`;
  let root = roots.get(key);
  if (root === undefined) {
    root = new RootDirectory(path, followsLinks);
    if (roots.size >= MOST_ROOTS) {
      roots.clear();
    }
    roots.set(key, root);
  }
  return root;
}
