import { PreconditionFailedError, PreconditionRequiredError } from "./precondition-errors.ts";
import { evaluatePreconditions, namesVersion, type Validators } from "./preconditions.ts";

/** What preconditions need of a request context. */
export interface ConditionalRequest {
  readonly method: string;
  header(name: string): string | undefined;
}

export interface PreconditionOptions {
  /**
   * Whether a request must say which version it means, so that no two clients undo each other's changes: with `If-Match`, or
   * with an `If-Unmodified-Since` that is an HTTP date, where there is a `lastModified`; where there is nothing yet, with
   * `If-None-Match: *`.
   */
  readonly required?: boolean;
}

/**
 * Checks a request against the version that is there, before it is changed: so nobody overwrites a change that he has
 * not seen. `null` means that there is nothing there: with `If-None-Match: *` a client creates what must not be there already.
 *
 * Returns `true` when the client, with `GET` or `HEAD`, has this version already: answer 304 then. For responses that are
 * made anyway, `ConditionalRequestsLayer` does all of it.
 *
 * Throws a `PreconditionFailedError` (412, `ARGANIA_PRECONDITION_FAILED`) and, with `{ required: true }`, a
 * `PreconditionRequiredError` (428, `ARGANIA_PRECONDITION_REQUIRED`). Source: RFC 9110 §13.
 *
 * @example
 * ```ts
 * page.setHandlerFor(
 *   _put.to([textBody], (content, context) => {
 *     assertPreconditions(context, { etag: `"${stored.version}"` }, { required: true });
 *     stored.replace(content);
 *   }),
 * );
 * ```
 */
export function assertPreconditions(
  request: ConditionalRequest,
  current: Validators | null,
  { required = false }: PreconditionOptions = {},
): boolean {
  const header = (name: string) => request.header(name);
  const outcome = evaluatePreconditions(request.method, header, current);
  if (outcome === "failed") {
    throw new PreconditionFailedError();
  }
  // Behind it: who wants to create what is there already is told so.
  if (required && !namesVersion(header, current)) {
    throw new PreconditionRequiredError();
  }
  return outcome === "not-modified";
}
