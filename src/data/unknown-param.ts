import { ArganiaError } from "../common/argania-error.ts";
import { namesWantedBy } from "./names-wanted.ts";
import type { Issue, StandardSchema } from "./standard-schema.ts";

/**
 * A schema of `pathParams` or `hostParams` wants a param that the pattern of the route does not capture, so that no request
 * would ever fit. The client gets a 500.
 */
export class UnknownParamError extends ArganiaError {
  readonly code = "ARGANIA_UNKNOWN_PARAM";
}

/**
 * The error for a schema whose issues are all about params that are not there; `undefined` when a value is at fault.
 *
 * A schema may put an issue of its own at any path, as zod's `refine` does, also at a name that it takes but does not
 * want: only those count that it looks for, and misses even where there are no params at all. There a refinement does
 * not run yet.
 *
 * @param name the extractor, for the message
 * @param pattern what has captured the params, for the message
 */
export function unknownParamError(
  issues: readonly Issue[],
  params: object,
  schema: StandardSchema,
  name: string,
  pattern: string,
): UnknownParamError | undefined {
  const missing = issues.map(({ path }) => path.split(".", 1)[0] as string);
  if (missing.length === 0 || missing.some((param) => param === "" || Object.hasOwn(params, param))) {
    return undefined;
  }
  const wanted = namesWantedBy(schema);
  if (!missing.every((param) => wanted.has(param))) {
    return undefined;
  }
  const known = Object.keys(params).map((param) => `"${param}"`);
  const list = known.length === 0 ? "nothing" : known.join(", ");
  return new UnknownParamError(
    `The schema of ${name} wants "${[...new Set(missing)].join('", "')}", but ${pattern} captures ${list}.`,
  );
}
