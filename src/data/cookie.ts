import { withoutStack } from "../common/argania-error.ts";
import { assertNoMore } from "../common/assert-no-more.ts";
import { describeValue } from "../common/describe-value.ts";
import type { CookieJar } from "../request/cookies/cookie-jar.ts";
import { MissingCookieError } from "./cookie-errors.ts";
import type { Extractor } from "./extractor.ts";

type MakeExtractor = (name: string) => Extractor<string, object>;

/** {@link cookie}, and the same for cookies that a key protects. */
export interface CookieExtractors {
  (name: string): Extractor<string, object>;
  /** The value of a signed cookie; one that cannot be trusted is missing. */
  signed(name: string): Extractor<string, object>;
  /** The value of a private cookie; one that cannot be trusted is missing. */
  private(name: string): Extractor<string, object>;
}

/**
 * The value of a cookie: `cookie(name)`, `cookie.signed(name)`, `cookie.private(name)`. A missing one is a 400
 * (`ARGANIA_MISSING_COOKIE`), unless the extractor is made `optional(cookie(…))`.
 *
 * @example
 * ```ts
 * home.setHandlerFor(_get.to([optional(cookie("theme"))], (theme = "light") => html(page(theme))));
 * account.setHandlerFor(_get.to([cookie.private("user")], (user) => json(load(user))));
 * ```
 */
export const cookie: CookieExtractors = /* @__PURE__ */ Object.assign(
  /* @__PURE__ */ extractorOf((jar, name) => jar.get(name), "cookie"),
  {
    signed: /* @__PURE__ */ extractorOf((jar, name) => jar.signed.get(name), "cookie.signed"),
    private: /* @__PURE__ */ extractorOf((jar, name) => jar.private.get(name), "cookie.private"),
  },
);

function extractorOf(
  read: (jar: CookieJar, name: string) => string | undefined,
  written: string,
): MakeExtractor {
  return (name: string, ...more: unknown[]) => {
    assertNoMore(more, `${written} takes a name`, "cookies({ theme: schema }) for a schema");
    if (typeof name !== "string" || name === "") {
      throw new TypeError(
        `${written} takes the name of a cookie, not ${name === "" ? '""' : describeValue(name)}: write ${written}("theme").`,
      );
    }
    return {
      extract(context) {
        const value = read(context.cookies(), name);
        if (value === undefined) {
          throw withoutStack(() => new MissingCookieError(name));
        }
        return value;
      },
    };
  };
}
