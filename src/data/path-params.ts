import type { PathParams } from "../request/request-context.ts";
import { schemaExtractor } from "./callable-extractor.ts";
import { PathParamsError } from "./extractor-errors.ts";
import type { ParamsExtractor } from "./params-extractor.ts";
import { unknownParamError } from "./unknown-param.ts";

/**
 * The params of the path, as strings, or as a schema makes them. What does not fit is a 404 (`ARGANIA_PATH_PARAMS`);
 * a schema that wants a param which the route does not have does not compile, or is a 500 (`ARGANIA_UNKNOWN_PARAM` in the
 * log) where the types do not tell: in a chain such as `_get.to(…).wrappedIn(layer)`, or with a pattern known only at run time.
 *
 * Params of parents and hosts that a resource is put under later are not in its type: give it its whole path, make it with
 * `parent.subresource(…)`, or leave its params open, `new Resource<string>("/{post}")`.
 *
 * `"42"` becomes 42 where the schema takes a number and no text: rules of fastest-validator (after
 * `import "argania/fastest-validator"`), and a Standard Schema that says what it takes, as those of zod (from 4.2 on) and arktype do, and of
 * valibot by `@valibot/to-json-schema`. Any other gets the texts: `z.coerce.number()`.
 *
 * @example
 * ```ts
 * user.setHandlerFor(_get.to([pathParams(z.object({ id: z.number() }))], ({ id }) => json(find(id))));
 * ```
 */
export const pathParams: ParamsExtractor<PathParams> = /* @__PURE__ */ schemaExtractor<PathParams>(
  "pathParams",
  (context) => context.params,
  (issues, params, schema, { routePattern }) =>
    unknownParamError(issues, params, schema, "pathParams", `"${routePattern ?? "the route"}"`) ??
    new PathParamsError(issues),
) as ParamsExtractor<PathParams>;
