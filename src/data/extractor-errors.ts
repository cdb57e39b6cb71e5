import { ErrorResponse } from "../response/error-response.ts";
import type { Issue } from "./standard-schema.ts";

/** The path params do not fit their schema: there is no such resource (argan's rule), hence 404. */
export class PathParamsError extends ErrorResponse {
  readonly code = "ARGANIA_PATH_PARAMS";
  readonly status = 404;
  readonly issues: readonly Issue[];

  constructor(issues: readonly Issue[]) {
    super();
    this.issues = issues;
  }
}

/** The query does not fit its schema. */
export class QueryParamsError extends ErrorResponse {
  readonly code = "ARGANIA_QUERY_PARAMS";
  readonly status = 400;
  readonly issues: readonly Issue[];

  constructor(issues: readonly Issue[]) {
    super("The query is not valid.", { details: { issues } });
    this.issues = issues;
  }
}

/** The headers do not fit their schema. */
export class HeadersError extends ErrorResponse {
  readonly code = "ARGANIA_HEADERS";
  readonly status = 400;
  readonly issues: readonly Issue[];

  constructor(issues: readonly Issue[]) {
    super("The headers are not valid.", { details: { issues } });
    this.issues = issues;
  }
}

/** A header that the handler needs is missing. */
export class MissingHeaderError extends ErrorResponse {
  readonly code = "ARGANIA_MISSING_HEADER";
  readonly status = 400;

  constructor(name: string) {
    super(`The header "${name}" is missing.`);
  }
}
