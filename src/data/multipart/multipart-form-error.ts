import { withoutStack } from "../../common/argania-error.ts";
import { ErrorResponse } from "../../response/error-response.ts";
import type { Issue } from "../standard-schema.ts";

/** What is wrong with a form, each with its status. */
const STATUSES: Readonly<Record<MultipartProblem, 400 | 413 | 415>> = {
  /** It is not what RFC 7578 describes, or lacks its boundary. */
  malformed: 400,
  /** It ended before its closing boundary. */
  incomplete: 400,
  /** It has a part that the handler does not take. */
  "unknown-part": 400,
  /** It lacks a part that the handler needs. */
  "missing-part": 400,
  /** Its fields do not fit their schema. */
  schema: 400,
  /** A part, or the head of one, is too large. */
  "part-limit": 413,
  "header-limit": 413,
  /** There are too many parts. */
  "part-count": 413,
  /** A part is of a type that the handler does not take, or is encoded in a way that is not read. */
  "part-type": 415,
};

/** Why a form was refused. */
export type MultipartProblem =
  | "malformed"
  | "incomplete"
  | "unknown-part"
  | "missing-part"
  | "schema"
  | "part-limit"
  | "header-limit"
  | "part-count"
  | "part-type";

export interface MultipartFormErrorOptions extends ErrorOptions {
  /** The name of the part, only if the handler's own options name it: other names are the client's. */
  readonly part?: string | undefined;
  /** What was exceeded: bytes, or a number of parts or headers. */
  readonly limit?: number;
  /** How the fields do not fit their schema. */
  readonly issues?: readonly Issue[];
}

/**
 * A `multipart/form-data` body that cannot be taken: malformed or not allowed (400), over a limit (413), or with a part
 * of a wrong type (415). `problem` tells them apart. The message never repeats what the client sent.
 */
export class MultipartFormError extends ErrorResponse {
  readonly code = "ARGANIA_MULTIPART_FORM";
  readonly status: 400 | 413 | 415;
  readonly problem: MultipartProblem;
  readonly part: string | undefined;
  readonly limit: number | undefined;
  readonly issues: readonly Issue[];

  constructor(problem: MultipartProblem, message: string, options: MultipartFormErrorOptions = {}) {
    const { part, limit, issues, ...rest } = options;
    const told = Object.entries({ problem, part, limit, issues }).filter(([, value]) => value !== undefined);
    super(message, { ...rest, details: Object.fromEntries(told) });
    this.problem = problem;
    this.status = STATUSES[problem];
    this.part = part;
    this.limit = limit;
    this.issues = issues ?? [];
  }
}

export function formError(
  problem: MultipartProblem,
  message: string,
  options?: MultipartFormErrorOptions,
): MultipartFormError {
  return withoutStack(() => new MultipartFormError(problem, message, options));
}
