import { PreconditionFailedError, PreconditionRequiredError } from "./precondition-errors.ts";
import { evaluatePreconditions, type Validators } from "./preconditions.ts";

/** What preconditions need of a request context. */
export interface ConditionalRequest {
  readonly method: string;
  header(name: string): string | undefined;
}

export interface PreconditionOptions {
  /** Whether a request must have `If-Match` or `If-Unmodified-Since`, so that no two clients undo each other's changes. */
  readonly required?: boolean;
}

/**
 * Checks a request against the version that is there, before it is changed: so nobody overwrites a change that he has
 * not seen. `null` means that there is nothing there: `If-None-Match: *` lets a client create only.
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
  if (required && header("if-match") === undefined && header("if-unmodified-since") === undefined) {
    throw new PreconditionRequiredError();
  }
  const outcome = evaluatePreconditions(request.method, header, current);
  if (outcome === "failed") {
    throw new PreconditionFailedError();
  }
  return outcome === "not-modified";
}
