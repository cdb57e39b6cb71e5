import { DefinitionError } from "../common/definition-error.ts";

/** A path of Express that no single pattern equals; the message says what to write. */
export class ExpressPathError extends DefinitionError {
  readonly code = "ARGANIA_EXPRESS_PATH";
  readonly path: string;
  readonly hint: string;

  constructor(path: string, reason: string, hint: string, options?: ErrorOptions) {
    super(`The Express path "${path}" has no pattern: ${reason}. ${hint}`, [path], options);
    this.path = path;
    this.hint = hint;
  }
}
