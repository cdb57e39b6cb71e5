import type { FinalResource } from "./final-resource.ts";
import { plainStaticsOf } from "./plain-statics.ts";
import { type ChoiceCells, NO_TEXT, writeChoice } from "./text-choice.ts";

/**
 * A final tree as numbers in one table, each resource behind the one that leads to it: a resource is spread over several
 * objects, and matching would have to fetch them all for each segment of a path (decision 0012).
 *
 * A node is the place in `cells` where that of a resource begins, `NO_NODE` none.
 */
export class MatchTable {
  declare readonly cells: Int32Array;
  /** By the number of a node: the text that leads to it, if it is static, and its resource. */
  declare readonly texts: readonly string[];
  declare readonly resources: readonly FinalResource[];

  constructor(root: FinalResource) {
    const writer = new TableWriter();
    writer.write("", root);
    this.cells = Int32Array.from(writer.cells);
    this.texts = writer.texts;
    this.resources = writer.resources;
  }
}

export const NO_NODE = 0;
export const ROOT = 1;

/** What is at which place behind the beginning of a node. */
export const NUMBER = 0;
/** How long its text is. */
export const LENGTH = 1;
/** The choice among its static children. */
export const CHOICE = 2;
export const WILDCARD = 3;
/** Where the nodes of its regex children are, in their order. */
export const REGEXES = 4;

class TableWriter {
  readonly cells: ChoiceCells = [NO_TEXT];
  readonly texts: string[] = [];
  readonly resources: FinalResource[] = [];

  readonly #writeChild = (text: string, resource: FinalResource): number => this.write(text, resource);

  write(text: string, resource: FinalResource): number {
    const { cells } = this;
    const node = cells.length;
    cells.push(this.resources.length, text.length, NO_TEXT, NO_NODE, NO_NODE);
    this.texts.push(text);
    this.resources.push(resource);
    if (resource.statics.size > 0) {
      const { texts, resources } = plainStaticsOf(resource);
      cells[node + CHOICE] = writeChoice(cells, texts, resources, this.#writeChild);
    }
    if (resource.regexes.length > 0) {
      const list = cells.length;
      cells[node + REGEXES] = list;
      cells.push(...resource.regexes.map(() => NO_NODE));
      resource.regexes.forEach((regex, index) => {
        cells[list + index] = this.write("", regex.resource);
      });
    }
    if (resource.wildcard !== null) {
      cells[node + WILDCARD] = this.write("", resource.wildcard);
    }
    return node;
  }
}
