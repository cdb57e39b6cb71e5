import { ErrorResponse } from "../response/error-response.ts";
import type { Issue } from "./standard-schema.ts";

export interface FormErrorOptions {
  /** How the form does not fit its schema. */
  readonly issues?: readonly Issue[];
  /** Which field is malformed, counted from 1. */
  readonly field?: number;
}

/**
 * The body is not the form that the handler wants: it is malformed (see `field`), or does not fit its schema (see
 * `issues`). The message never repeats what the client sent.
 */
export class FormError extends ErrorResponse {
  readonly code = "ARGANIA_FORM";
  readonly status = 400;
  readonly issues: readonly Issue[];
  readonly field: number | undefined;

  constructor(message: string, { issues, field }: FormErrorOptions = {}) {
    super(message, {
      details: { ...(issues === undefined ? {} : { issues }), ...(field === undefined ? {} : { field }) },
    });
    this.issues = issues ?? [];
    this.field = field;
  }
}

/** The form has more fields than it may (413, RFC 9110 §15.5.14). `limit` is their number. */
export class FormLimitError extends ErrorResponse {
  readonly code = "ARGANIA_FORM_LIMIT";
  readonly status = 413;
  readonly limit: number;

  constructor(limit: number) {
    super(`The form has more than ${limit} fields.`, { details: { limit } });
    this.limit = limit;
  }
}
