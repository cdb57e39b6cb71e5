import type { RequestContext } from "../request/request-context.ts";
import { type SchemaExtractor, schemaExtractor } from "./callable-extractor.ts";
import { HeadersError } from "./extractor-errors.ts";
import { RulesError } from "./rules-errors.ts";
import { isStandardSchema } from "./standard-schema.ts";

/** Headers by name, in lower case; the values of one that occurs several times are joined by ", ". */
export type HeaderValues = Readonly<Partial<Record<string, string>>>;

/**
 * All headers of the request, by their names in lower case and without the name `__proto__`, as texts, or as a schema makes them. What does not fit is a 400
 * (`ARGANIA_HEADERS`) that lists every issue. For one header as it is there is {@link header}.
 *
 * A client sends more headers than a schema names: rules of fastest-validator hand on the named ones only, and so does `z.object()`.
 * Throws a `RulesError` (`ARGANIA_RULES`) for rules that no request could fit: names in upper case, `$$strict: true`.
 *
 * @example
 * ```ts
 * import "argania/fastest-validator";
 *
 * const wanted = headers({ "x-tenant": "string|min:3", "x-page-size": "number|optional" });
 * users.setHandlerFor(_get.to([wanted], (given) => json(list(given["x-tenant"], given["x-page-size"] ?? 20))));
 * ```
 */
export const headers: SchemaExtractor<HeaderValues> = /* @__PURE__ */ schemaExtractor<HeaderValues>(
  "headers",
  byName,
  (issues) => new HeadersError(issues),
  assertHeaderRules,
);

/** Without a prototype, so that a header `constructor` is one like any other. */
function byName(context: RequestContext): HeaderValues {
  const values: Record<string, string> = Object.create(null);
  for (const [name, value] of context.headers) {
    // As of a query: what copies it to another object would set that one's prototype.
    if (name !== "__proto__") {
      values[name] = value;
    }
  }
  return values;
}

function assertHeaderRules(rules: unknown): void {
  if (typeof rules !== "object" || rules === null || isStandardSchema(rules)) {
    return;
  }
  const name = Object.keys(rules).find((each) => !each.startsWith("$$") && each !== each.toLowerCase());
  if (name !== undefined) {
    throw new RulesError(
      `headers: the rule "${name}" is for no header, their names are in lower case here: write "${name.toLowerCase()}".`,
      [name],
    );
  }
  if ((rules as { $$strict?: unknown }).$$strict === true) {
    throw new RulesError(
      "headers: $$strict: true would refuse each request, clients send other headers, too.",
      [""],
    );
  }
}
