import { DefinitionError } from "../common/definition-error.ts";

/** A host was given a resource that is not a root. */
export class HostRootError extends DefinitionError {
  readonly code = "ARGANIA_HOST_ROOT";

  constructor(host: string, resource: string) {
    super(
      `The host "${host}" was given "${resource}", which is not a root. Give it new Resource("/") with that resource below, or add new Resource("http://${host}${resource.replace(/^https?:\/\/[^/]*/, "")}") to a Router.`,
      [host, resource],
    );
  }
}
