import { type PathParams, RequestContext } from "../request/request-context.ts";
import { type SchemaExtractor, schemaExtractor } from "./callable-extractor.ts";
import { PathParamsError } from "./extractor-errors.ts";
import { unknownParamError } from "./unknown-param.ts";

/**
 * The params that the host's pattern captured, without those of the path. With a schema, what does not fit is a 404; one that wants a param which
 * the host does not have is a 500 (`ARGANIA_UNKNOWN_PARAM` in the log).
 *
 * @example
 * ```ts
 * const tenants = new Host("{tenant}.example.com", root);
 * root.setHandlerFor(_get.to([hostParams], ({ tenant }) => `Welcome to ${tenant}`));
 * ```
 * Without a schema they are strings by any name, and with `noUncheckedIndexedAccess` or `undefined`, since a tree does not
 * know the hosts that it is put under; `hostParams(schema)` says which there are. A resource that is made with its host,
 * `new Resource("http://{tenant}.example.com/")`, has them typed in `context.params` and `pathParams`.
 */
export const hostParams: SchemaExtractor<PathParams> = /* @__PURE__ */ schemaExtractor<PathParams>(
  "hostParams",
  (context) => RequestContext.routeOf(context).hostParams(),
  (issues, params, schema) =>
    unknownParamError(issues, params, schema, "hostParams", "the pattern of the host") ??
    new PathParamsError(issues),
);
