import { withoutStack } from "../../common/argania-error.ts";
import { ErrorResponse } from "../../response/error-response.ts";
import type { Issue } from "../standard-schema.ts";

/**
 * Why a form was refused:
 *
 * - `malformed`: it is not what RFC 7578 describes, or lacks its boundary (400)
 * - `incomplete`: it ended before its closing boundary (400)
 * - `unknown-part`, `missing-part`: it has a part that the handler does not take, or lacks one that it needs (400)
 * - `schema`: its fields do not fit their schema (400)
 * - `part-limit`, `header-limit`, `part-count`: a part, or the head of one, is too large, or there are too many (413)
 * - `part-type`: a part is of a type that the handler does not take, or encoded in a way that is not read (415)
 */
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

const STATUSES: Readonly<Record<MultipartProblem, 400 | 413 | 415>> = {
  malformed: 400,
  incomplete: 400,
  "unknown-part": 400,
  "missing-part": 400,
  schema: 400,
  "part-limit": 413,
  "header-limit": 413,
  "part-count": 413,
  "part-type": 415,
};

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
