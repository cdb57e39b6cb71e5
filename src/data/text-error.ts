import { ErrorResponse } from "../response/error-response.ts";
import type { Issue } from "./standard-schema.ts";

/** The body is not the text that the handler wants: it is not UTF-8, or does not fit its schema (see `issues`). */
export class TextError extends ErrorResponse {
  readonly code = "ARGANIA_TEXT";
  readonly status = 400;
  readonly issues: readonly Issue[];

  constructor(message: string, issues?: readonly Issue[]) {
    super(message, issues === undefined ? {} : { details: { issues } });
    this.issues = issues ?? [];
  }
}
