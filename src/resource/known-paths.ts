import type { FinalResource } from "./final-resource.ts";
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

  constructor(paths: ReadonlyMap<string, FinalResource>) {
    const groups: Map<string, FinalResource>[] = [];
    for (const [path, resource] of paths) {
      groups[path.length] ??= new Map();
      groups[path.length]?.set(path, resource);
    }
    this.#byLength = Object.freeze(
      Array.from(groups, (group) => (group === undefined ? null : TextChoice.among(group))),
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
