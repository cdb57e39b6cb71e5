import type { RequestContext } from "../request/request-context.ts";
import { type SchemaExtractor, schemaExtractor } from "./callable-extractor.ts";
import { HeadersError } from "./extractor-errors.ts";
import { namesWantedBy } from "./names-wanted.ts";
import { RulesError } from "./rules-errors.ts";
import { type Issue, isStandardSchema, type StandardSchema } from "./standard-schema.ts";

/** Headers by name, in lower case; the values of one that occurs several times are joined by ", ". */
export type HeaderValues = Readonly<Partial<Record<string, string>>>;

/**
 * All headers of the request, by their names in lower case and without the name `__proto__`, as texts, or as a schema makes them. What does not fit is a 400
 * (`ARGANIA_HEADERS`) that lists every issue. For one header as it is there is {@link header}.
 *
 * A client sends more headers than a schema names: rules of fastest-validator hand on the named ones only, and so does `z.object()`.
 * Throws a `RulesError` (`ARGANIA_RULES`) for rules that no request could fit: names in upper case, `$$strict: true`. A Standard
 * Schema that wants a name in upper case is a `TypeError` at the first request that fails for it; the client gets a 500.
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
  (issues, _, schema) => unknownHeaderError(issues, schema) ?? new HeadersError(issues),
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

/** The error for a schema that wants a name which no header has here; `undefined` when the client is at fault. */
function unknownHeaderError(issues: readonly Issue[], schema: StandardSchema): TypeError | undefined {
  const failed = issues.map(({ path }) => path).filter((path) => path !== path.toLowerCase());
  if (failed.length === 0) {
    return undefined;
  }
  const wanted = [...namesWantedBy(schema)].map(String);
  const name = wanted.find((each) => failed.includes(each) && each !== each.toLowerCase());
  return name === undefined
    ? undefined
    : new TypeError(
        `The schema of headers wants "${name}", but the names of headers are in lower case here: write "${name.toLowerCase()}".`,
      );
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
