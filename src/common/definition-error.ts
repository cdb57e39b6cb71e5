import { ArganiaError } from "./argania-error.ts";

/**
 * A mistake in the definition of a tree: thrown while the tree is being built, never while it serves.
 *
 * `paths` names the places concerned, the one being defined first.
 */
export abstract class DefinitionError extends ArganiaError {
  readonly paths: readonly string[];

  constructor(message: string, paths: readonly string[], options?: ErrorOptions) {
    super(message, options);
    this.paths = Object.freeze([...paths]);
  }
}

/** Everything that `intoService()` found wrong with a tree, all at once; `errors` has the parts. */
export class InvalidTreeError extends DefinitionError {
  readonly code = "ARGANIA_INVALID_TREE";
  readonly errors: readonly DefinitionError[];

  constructor(errors: readonly DefinitionError[]) {
    const list = errors.map((error, index) => `  ${index + 1}. [${error.code}] ${error.message}`);
    super(
      `The tree cannot become a service: ${errors.length} ${errors.length === 1 ? "problem" : "problems"}.\n${list.join("\n")}`,
      errors.flatMap((error) => error.paths),
    );
    this.errors = Object.freeze([...errors]);
  }
}

/** A part of a tree that already serves was about to be changed. */
export class FrozenTreeError extends DefinitionError {
  readonly code = "ARGANIA_FROZEN_TREE";

  constructor(path: string, action: string) {
    const isRouter = path === "router";
    const doWhat = action === "make a service" ? "make a second service" : action;
    super(
      `Cannot ${doWhat}${isRouter ? "" : ` of "${path}"`}: intoService() has frozen ${isRouter ? "the router" : "its tree"}. ${
        action === "make a service"
          ? "Keep the service that the first call returned."
          : "Define everything first, then call intoService()."
      }`,
      [path],
    );
  }
}
