import type { FinalResource } from "./final-resource.ts";
import { isPlain } from "./plain-statics.ts";
import { type ChoiceCells, NO_TEXT, textAt, writeChoice } from "./text-choice.ts";

/**
 * The paths of a tree that consist of static text alone, each as most clients write it. A target that equals one as a
 * whole leads there, since static segments come before all others; comparing it takes no time to speak of.
 *
 * First by length, then by the characters that tell those of one length apart: a `Map` would have to hash each target,
 * also those that are not in it.
 */
export class KnownPaths {
  /** At each length the choice for it; the choices come after them. */
  readonly #cells: Int32Array;
  readonly #longest: number;
  readonly #paths: (KnownPath | null)[] = [null];

  constructor(root: FinalResource) {
    const groups: (Group | undefined)[] = [];
    collect(root, "", groups);
    const cells: ChoiceCells = Array.from(groups, () => NO_TEXT);
    groups.forEach((group, length) => {
      if (group !== undefined) {
        cells[length] = writeChoice(cells, group.paths, group.resources, (path, resource) => {
          return this.#paths.push({ path, resource }) - 1;
        });
      }
    });
    this.#cells = Int32Array.from(cells);
    this.#longest = groups.length - 1;
  }

  /** Where a target leads that is exactly such a path; `null` for any other. */
  at(target: string): FinalResource | null {
    const { length } = target;
    if (length > this.#longest) {
      return null;
    }
    const known = this.#paths[
      textAt(this.#cells, this.#cells[length] as number, target, 0)
    ] as KnownPath | null;
    return known !== null && known.path === target ? known.resource : null;
  }
}
interface KnownPath {
  readonly path: string;
  readonly resource: FinalResource;
}

/** Paths of one length, each with its resource at the same place. */
interface Group {
  readonly paths: string[];
  readonly resources: FinalResource[];
}

function collect(resource: FinalResource, path: string, groups: (Group | undefined)[]): void {
  if (resource.hasHandler) {
    const own = path === "" || resource.endsWithSlash ? `${path}/` : path;
    let group = groups[own.length];
    if (group === undefined) {
      group = { paths: [], resources: [] };
      groups[own.length] = group;
    }
    group.paths.push(own);
    group.resources.push(resource);
  }
  resource.statics.forEach((child, segment) => {
    if (isPlain(segment)) {
      collect(child, `${path}/${segment}`, groups);
    }
  });
}
