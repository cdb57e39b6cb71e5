import { ArganiaError } from "../../common/argania-error.ts";

/**
 * An event cannot be written as it is: it would be read as another one, or as several. The client is not told; what
 * it sends must be checked before it becomes part of an event.
 */
export class ServerEventError extends ArganiaError {
  readonly code = "ARGANIA_SERVER_EVENT";
}
