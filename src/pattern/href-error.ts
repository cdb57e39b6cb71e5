import { ArganiaError } from "../common/argania-error.ts";

/** A URL that cannot be built, because it would not lead back to its resource with the same params. */
export class HrefError extends ArganiaError {
  readonly code = "ARGANIA_HREF";
  /** The pattern of the resource. */
  readonly pattern: string;
  /** The param to blame; `null` when it is another option. */
  readonly param: string | null;

  constructor(pattern: string, param: string | null, problem: string, options?: ErrorOptions) {
    super(`Cannot build the URL of "${pattern}": ${problem}`, options);
    this.pattern = pattern;
    this.param = param;
  }
}
