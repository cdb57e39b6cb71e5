import { describeValue } from "../common/describe-value.ts";
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

/** One failure, as clients are told of it: where, in dots (`address.street`), and what. */
export interface Issue {
  readonly path: string;
  readonly message: string;
}

/** Throws a `TypeError` when `value` is no schema; `name` is the function that was called with it. */
export function assertStandardSchema(value: unknown, name: string): asserts value is StandardSchema {
  const standard = (value as Partial<StandardSchema> | null | undefined)?.["~standard"];
  if (typeof standard?.validate !== "function") {
    throw new TypeError(
      `${name} takes a schema that follows Standard Schema, not ${describeValue(value)}: write ${name}(z.object({ … })) with zod (3.24 or later), valibot, arktype or another such library, or ${name} by itself.`,
    );
  }
}

/** Checks a value against a schema; calls `fail` with every issue when it does not fit. */
export function validate<Output>(
  schema: StandardSchema<unknown, Output>,
  value: unknown,
  fail: (issues: readonly Issue[]) => Error,
): MaybePromise<Output> {
  const settle = (result: StandardResult<Output>): Output => {
    if (result.issues !== undefined) {
      throw fail(result.issues.map(toIssue));
    }
    return result.value;
  };
  const result = schema["~standard"].validate(value);
  return isPromiseLike(result)
    ? (result as Promise<StandardResult<Output>>).then(settle)
    : settle(result as StandardResult<Output>);
}

function toIssue({ path = [], message }: StandardIssue): Issue {
  return {
    path: path.map((part) => String(typeof part === "object" ? part.key : part)).join("."),
    message,
  };
}
