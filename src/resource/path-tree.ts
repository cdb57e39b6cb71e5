import type { FinalResource } from "./final-resource.ts";
import { KnownPaths } from "./known-paths.ts";

/** A final tree, with what finds paths in it. */
export class PathTree {
  readonly root: FinalResource;
  readonly known: KnownPaths;

  constructor(root: FinalResource) {
    this.root = root;
    this.known = new KnownPaths(root);
    Object.freeze(this);
  }
}
