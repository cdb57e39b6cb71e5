import type { CookieJar } from "../request/cookies/cookie-jar.ts";
import { schemaExtractor } from "./callable-extractor.ts";
import { CookiesError } from "./cookie-errors.ts";
import type { Extractor } from "./extractor.ts";
import type { InferRules } from "./infer-rules.ts";
import type { Rules } from "./rule-types.ts";
import type { StandardSchema } from "./standard-schema.ts";

/** The jar as it is, or called with a schema for the values of its cookies. */
export interface CookiesExtractor extends Extractor<CookieJar, object> {
  (): Extractor<CookieJar, object>;
  /** With a Standard Schema, of zod, valibot, arktype and others: what the schema makes of the texts. */
  <Output>(schema: StandardSchema<unknown, Output>): Extractor<Output, object>;
  /** With rules of fastest-validator, after `import "argania/fastest-validator"`. */
  <const R extends Rules>(rules: R): Extractor<InferRules<R>, object>;
  // Compilers tell what is wrong with a call by the last of its forms.
  (schema: StandardSchema | Rules): Extractor<unknown, object>;
}

/** Without a prototype, so that a cookie `constructor` is one like any other. */
const values = /* @__PURE__ */ schemaExtractor<Readonly<Record<string, string>>>(
  "cookies",
  (context) => {
    const byName: Record<string, string> = Object.create(null);
    for (const [name, value] of context.cookies()) {
      // As of a query: what copies it to another object would set that one's prototype.
      if (name !== "__proto__") {
        byName[name] = value;
      }
    }
    return byName;
  },
  (issues) => new CookiesError(issues),
);

const jar: Extractor<CookieJar, object> = { extract: (context) => context.cookies() };

/**
 * The jar of the request, as `context.cookies()` has it. With a schema it is the values of the plain cookies but `__proto__`, as the
 * schema makes them; what does not fit is a 400 (`ARGANIA_COOKIES`).
 *
 * @example
 * ```ts
 * settings.setHandlerFor(_post.to([cookies, jsonBody(Settings)], (jar, { theme }) => respond(jar.set("theme", theme), 204)));
 * home.setHandlerFor(_get.to([cookies(z.object({ theme: z.enum(["light", "dark"]).catch("light") }))], ({ theme }) => html(page(theme))));
 * ```
 */
export const cookies: CookiesExtractor = /* @__PURE__ */ Object.assign(
  (...schemas: readonly [StandardSchema] | readonly []): Extractor<unknown, object> =>
    schemas.length === 0 ? jar : values(...schemas),
  jar,
) as CookiesExtractor;
