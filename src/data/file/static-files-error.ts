import { DefinitionError } from "../../common/definition-error.ts";

/** `StaticFiles` got an option that there is not, or a value of the wrong kind, or no directory; or `FileStream.open` a `root` that is none. */
export class StaticFilesError extends DefinitionError {
  readonly code = "ARGANIA_STATIC_FILES";

  constructor(message: string) {
    super(message, []);
  }
}
