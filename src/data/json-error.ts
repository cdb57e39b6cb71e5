import { ErrorResponse } from "../response/error-response.ts";
import type { Issue } from "./standard-schema.ts";

/** Where something is in a text. Both are counted from 1; a column is a UTF-16 unit, as in JavaScript. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

export interface JsonErrorOptions {
  /** How the body does not fit its schema. */
  readonly issues?: readonly Issue[];
  /** Where the body is malformed. */
  readonly position?: TextPosition;
}

/**
 * The body is not the JSON that the handler wants: it is malformed (see `position`), or does not fit its schema (see
 * `issues`). The message never repeats what the client sent.
 */
export class JsonError extends ErrorResponse {
  readonly code = "ARGANIA_JSON";
  readonly status = 400;
  readonly issues: readonly Issue[];
  readonly position: TextPosition | undefined;

  constructor(message: string, { issues, position }: JsonErrorOptions = {}) {
    super(message, { details: { ...(issues === undefined ? {} : { issues }), ...position } });
    this.issues = issues ?? [];
    this.position = position;
  }
}
