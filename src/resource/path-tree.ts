import type { FinalResource } from "./final-resource.ts";
import { KnownPaths } from "./known-paths.ts";
import { isPlain } from "./plain-statics.ts";

/** A final tree, with what finds paths in it. */
export class PathTree {
  readonly root: FinalResource;
  readonly known: KnownPaths;

  constructor(root: FinalResource) {
    this.root = root;
    const paths = new Map<string, FinalResource>();
    collect(root, "", paths);
    this.known = new KnownPaths(paths);
    Object.freeze(this);
  }
}

function collect(resource: FinalResource, path: string, paths: Map<string, FinalResource>): void {
  if (resource.hasHandler) {
    paths.set(path === "" || resource.endsWithSlash ? `${path}/` : path, resource);
  }
  for (const [segment, child] of resource.statics) {
    if (isPlain(segment)) {
      collect(child, `${path}/${segment}`, paths);
    }
  }
}
