import type { FinalResource } from "./final-resource.ts";
import { KnownPaths } from "./known-paths.ts";
import { MatchTable } from "./match-table.ts";

/** A final tree, with what finds paths in it. */
export class PathTree {
  readonly root: FinalResource;
  readonly known: KnownPaths;
  readonly table: MatchTable;

  constructor(root: FinalResource) {
    this.root = root;
    this.known = new KnownPaths(root);
    this.table = new MatchTable(root);
    Object.freeze(this);
  }
}
