import { DefinitionError } from "../../common/definition-error.ts";

/** `StaticFiles` got an option that there is not, or a value of the wrong kind, or no directory. */
export class StaticFilesError extends DefinitionError {
  readonly code = "ARGANIA_STATIC_FILES";

  constructor(message: string) {
    super(message, []);
  }
}
