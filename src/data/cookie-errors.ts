import { ErrorResponse } from "../response/error-response.ts";
import type { Issue } from "./standard-schema.ts";

/** A cookie that the handler needs is missing, or cannot be trusted: clients do not learn which. */
export class MissingCookieError extends ErrorResponse {
  readonly code = "ARGANIA_MISSING_COOKIE";
  readonly status = 400;

  constructor(name: string) {
    super(`The cookie "${name}" is missing.`);
  }
}

/** The cookies do not fit their schema. */
export class CookiesError extends ErrorResponse {
  readonly code = "ARGANIA_COOKIES";
  readonly status = 400;
  readonly issues: readonly Issue[];

  constructor(issues: readonly Issue[]) {
    super("The cookies are not valid.", { details: { issues } });
    this.issues = issues;
  }
}
