import { ArganiaError } from "../../common/argania-error.ts";

/** A session that cannot be kept as it is. The client gets a 500 that does not say why. */
export class SessionError extends ArganiaError {
  readonly code = "ARGANIA_SESSION";
}
