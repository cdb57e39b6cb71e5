import { appendField, type Fields } from "./append-field.ts";
import { type SchemaExtractor, schemaExtractor } from "./callable-extractor.ts";
import { QueryParamsError } from "./extractor-errors.ts";

/** A query by name, any of which may be missing; a name that occurs several times has an array. */
export type QueryParams = Readonly<Partial<Record<string, string | readonly string[]>>>;

/**
 * The query, as strings, or as a schema makes it, without the name `__proto__`. What does not fit is a 400 (`ARGANIA_QUERY_PARAMS`) that lists every issue.
 *
 * `"2"` becomes 2 where the schema takes a number and no text, and a name that occurs once an array where it takes only that: by rules of
 * fastest-validator (after `import "argania/fastest-validator"`), and by a Standard Schema that says what it takes, as those of zod (from 4.2
 * on) and arktype do, and of valibot by `@valibot/to-json-schema`. Any other gets the texts: `z.coerce.number()`.
 *
 * @example
 * ```ts
 * users.setHandlerFor(_get.to([queryParams(z.object({ page: z.number().default(1) }))], ({ page }) => list(page)));
 * ```
 */
export const queryParams: SchemaExtractor<QueryParams> = /* @__PURE__ */ schemaExtractor<QueryParams>(
  "queryParams",
  (context) => byName(context.query),
  (issues) => new QueryParamsError(issues),
);

/** Without a prototype, so that `?constructor=` is a name like any other. */
function byName(query: URLSearchParams): QueryParams {
  const params: Fields = Object.create(null);
  for (const [name, value] of query) {
    // It does no harm here, but in the next object that something copies the query to.
    if (name !== "__proto__") {
      appendField(params, name, value);
    }
  }
  return params;
}
