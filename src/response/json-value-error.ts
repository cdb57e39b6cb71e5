import { ArganiaError } from "../common/argania-error.ts";

/** What was to be sent as JSON holds a BigInt, a promise, a `Map` or the like, or itself. The client gets a 500 that does not say so. */
export class JsonValueError extends ArganiaError {
  readonly code = "ARGANIA_JSON_VALUE";
  /** Where, from what was to be sent on, as in `items[3].price`; empty when it is that itself. */
  readonly property: string;
  /** The pattern of the resource that was to answer; the service knows it, when it reports the error. */
  route: string | undefined = undefined;

  constructor(property: string, problem: string, options?: ErrorOptions) {
    const what =
      property === "" ? "What was to be sent as JSON" : `"${property}" of what was to be sent as JSON`;
    super(`${what} ${problem}`, options);
    this.property = property;
  }
}
