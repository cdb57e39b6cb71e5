import type { MaybePromise } from "../common/maybe-promise.ts";
import { isPromiseLike } from "../common/maybe-promise.ts";

/**
 * A schema of any library that follows Standard Schema v1 (zod, valibot, arktype, …).
 * Source: https://standardschema.dev
 */
export interface StandardSchema<Input = unknown, Output = Input> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>;
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
  };
}

export type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] };

export interface StandardIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** One failure, as clients are told of it: where, in dots (`address.street`, `tags.0`), and what. */
export interface Issue {
  readonly path: string;
  readonly message: string;
}

export function isStandardSchema(value: unknown): value is StandardSchema {
  const standard = (value as Partial<StandardSchema> | null | undefined)?.["~standard"];
  return typeof standard?.validate === "function";
}

/**
 * Checks a value against a schema; calls `fail` with every issue when it does not fit, but with no more than
 * {@link MOST_ISSUES}. What the schema itself throws is thrown: it is a bug, and no fault of the client's.
 */
export function validate<Output>(
  schema: StandardSchema<unknown, Output>,
  value: unknown,
  fail: (issues: readonly Issue[]) => Error,
): MaybePromise<Output> {
  const settle = (result: StandardResult<Output>): Output => {
    if (result.issues !== undefined) {
      throw fail(toIssues(result.issues));
    }
    return result.value;
  };
  const result = schema["~standard"].validate(value);
  return isPromiseLike(result)
    ? (result as Promise<StandardResult<Output>>).then(settle)
    : settle(result as StandardResult<Output>);
}

/** A body of 1 MiB can be wrong in half a million places: the answer must not be many times what was asked. */
export const MOST_ISSUES = 100;
/** Paths have the names that the client sent, and so have messages of some libraries. */
const LONGEST_TEXT = 300;

function toIssues(issues: readonly StandardIssue[]): Issue[] {
  const list: Issue[] = [];
  // By index: libraries have arrays of their own classes, whose `map` makes further ones.
  for (let at = 0; at < issues.length && at < MOST_ISSUES; at++) {
    const { path = [], message } = issues[at] as StandardIssue;
    list.push({ path: shortened(dotted(path)), message: shortened(String(message)) });
  }
  return list;
}

function dotted(path: NonNullable<StandardIssue["path"]>): string {
  return Array.from(path, (part) => String(typeof part === "object" ? part.key : part)).join(".");
}

function shortened(text: string): string {
  return text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT)}…`;
}
