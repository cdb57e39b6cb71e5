import type { PathParams } from "../request/request-context.ts";
import { type SchemaExtractor, schemaExtractor } from "./callable-extractor.ts";
import { PathParamsError } from "./extractor-errors.ts";

/**
 * The params of the path, as strings, or as a schema makes them. What does not fit is a 404 (`ARGANIA_PATH_PARAMS`).
 *
 * Rules of fastest-validator (after `import "argania/fastest-validator"`) convert: `{ id: "number" }` makes `"42"` 42.
 *
 * @example
 * ```ts
 * user.setHandlerFor(_get.to([pathParams(z.object({ id: z.coerce.number() }))], ({ id }) => json(find(id))));
 * ```
 */
export const pathParams: SchemaExtractor<PathParams> = /* @__PURE__ */ schemaExtractor<PathParams>(
  "pathParams",
  (context) => context.params,
  (issues) => new PathParamsError(issues),
);
