import type { FinalResource } from "./final-resource.ts";
import { isPlain } from "./plain-statics.ts";
import { TextChoice } from "./text-choice.ts";

/**
 * The paths of a tree that consist of static text alone, each as most clients write it. A target that equals one as a
 * whole leads there, since static segments come before all others; comparing it takes no time to speak of.
 *
 * First by length, then by the characters that tell those of one length apart: a `Map` would have to hash each target,
 * also those that are not in it.
 */
export class KnownPaths {
  readonly #byLength: readonly (TextChoice<FinalResource> | null)[];

  constructor(root: FinalResource) {
    const groups: (Group | undefined)[] = [];
    collect(root, "", groups);
    this.#byLength = Array.from(groups, (group) =>
      group === undefined ? null : TextChoice.among(group.paths, group.resources),
    );
  }

  /** Where a target leads that is exactly such a path; `null` for any other. */
  at(target: string): FinalResource | null {
    const { length } = target;
    const choice = length < this.#byLength.length ? this.#byLength[length] : null;
    const only = choice === null || choice === undefined ? null : choice.at(target, 0);
    return only !== null && only.text === target ? only.value : null;
  }
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
