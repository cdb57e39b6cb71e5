import { DefinitionError } from "../common/definition-error.ts";
import { kindText } from "../handler/handler-kinds.ts";

/** A root was added below another resource. */
export class RootSubresourceError extends DefinitionError {
  readonly code = "ARGANIA_ROOT_SUBRESOURCE";

  constructor(parent: string) {
    super(
      `The root "/" cannot be below "${parent}". Add its subresources instead, or add the others to it, or give it a path of its own.`,
      ["/", parent],
    );
  }
}

/** Two resources with the same pattern both have handlers or layers, so that neither can give way. */
export class ConflictingResourcesError extends DefinitionError {
  readonly code = "ARGANIA_CONFLICTING_RESOURCES";

  constructor(added: string, existing: string, what = "handlers or layers") {
    super(
      `"${added}" cannot be added: "${existing}" is there already, and both have ${what}. Define them on one of the two; subresource("…") gets an existing resource.`,
      [added, existing],
    );
  }
}

/** A parent has one wildcard at the most: a second one could never be reached. */
export class SecondWildcardError extends DefinitionError {
  readonly code = "ARGANIA_SECOND_WILDCARD";

  constructor(added: string, existing: string) {
    super(
      `"${added}" cannot be added beside the wildcard "${existing}", which matches everything. Use the same name, or give one of them a regex: {name:regex}.`,
      [added, existing],
    );
  }
}

/** The same resource was named with different configuration symbols or trailing slashes. */
export class MismatchingSymbolsError extends DefinitionError {
  readonly code = "ARGANIA_MISMATCHING_SYMBOLS";

  constructor(named: string, existing: string) {
    super(
      `"${named}" names the resource that exists as "${existing}". Write the same trailing slash and symbols at both places, or none at one of them.`,
      [named, existing],
    );
  }
}

/** A capture name occurs twice on one path, so that one param would hide the other. */
export class DuplicateCaptureNameError extends DefinitionError {
  readonly code = "ARGANIA_DUPLICATE_CAPTURE_NAME";

  constructor(name: string, added: string, existing: string) {
    const isTwiceInOne = added === existing && countCaptures(added, name) > 1;
    super(
      isTwiceInOne
        ? `"${added}" captures "${name}" twice. Rename one of the captures.`
        : `"${added}" captures "${name}", and so does "${existing}" further out on its path. Rename one of them.`,
      [added, existing],
    );
  }
}

function countCaptures(pattern: string, name: string): number {
  return pattern.split(`{${name}}`).length + pattern.split(`{${name}:`).length - 2;
}

/** The path in front of a resource is not the path of the place where it was added. */
export class WrongPrefixError extends DefinitionError {
  readonly code = "ARGANIA_WRONG_PREFIX";

  constructor(added: string, parent: string) {
    super(
      `"${added}" does not begin with "${parent}", below which it was added. The pattern of a resource that is added is a path from the root when it has several segments: write it so, or the last segment only, or get it with subresource(), whose path is relative.`,
      [added, parent],
    );
  }
}

/** A resource that names a host was added to a tree of another host, or of none. */
export class WrongHostError extends DefinitionError {
  readonly code = "ARGANIA_WRONG_HOST";

  constructor(added: string, place: string) {
    super(
      `"${added}" belongs to a host that "${place}" does not belong to. Add it to a Router, which puts it under its host, or leave the host out.`,
      [added, place],
    );
  }
}

/** A purpose got a second handler. */
export class DuplicateHandlerError extends DefinitionError {
  readonly code = "ARGANIA_DUPLICATE_HANDLER";

  constructor(path: string, what: string) {
    super(`"${path}" has a handler for ${what} already. Set it once; layers can decide between several.`, [
      path,
    ]);
  }
}

/** A layer was added for a method that has no handler, where it would never run. */
export class MissingMethodHandlerError extends DefinitionError {
  readonly code = "ARGANIA_MISSING_METHOD_HANDLER";

  constructor(path: string, method: string) {
    super(
      `"${path}" has a layer for ${method} but no handler for it. ${
        method === "HEAD"
          ? "HEAD runs GET's handler in GET's layers unless it has its own: add the layer for GET, or set a handler with _head.to(…)."
          : `Set one with ${kindText(method)}.to(…), or remove the method from _methodHandler([…]).`
      }`,
      [path],
    );
  }
}

/** A node got a second extension. */
export class DuplicateExtensionError extends DefinitionError {
  readonly code = "ARGANIA_DUPLICATE_EXTENSION";

  constructor(path: string) {
    super(`"${path}" has an extension already. Set one object with everything in it.`, [path]);
  }
}

/** A resource that is part of a tree was added again, or made a service of. */
export class AlreadyInTreeError extends DefinitionError {
  readonly code = "ARGANIA_ALREADY_IN_TREE";

  constructor(path: string, action: string) {
    super(
      `"${path}" is part of a tree already, so it cannot ${action}. A resource has one place; make a second one with a function that builds it.`,
      [path],
    );
  }
}

/** A resource with a host was made a service of by itself. */
export class HostWithoutRouterError extends DefinitionError {
  readonly code = "ARGANIA_HOST_WITHOUT_ROUTER";

  constructor(path: string) {
    super(
      `"${path}" names a host, which only a Host or a Router can match: router.addResource(resource), then router.intoService().`,
      [path],
    );
  }
}
