import {
  _get,
  type Attempt,
  attempt,
  type CookieJar,
  cookie,
  cookies,
  type Extractor,
  optional,
  type RequestContext,
  Resource,
  respond,
  type SealedCookies,
  type StandardSchema,
} from "argania";
import { type CookieCipher, CookieKey, cookieKey } from "argania/cookies";
import { assertType, type Equal } from "./expect-type.ts";

interface Settings {
  readonly theme: "light" | "dark";
}
declare const schema: StandardSchema<unknown, Settings>;
declare const context: RequestContext<{ id: string }>;

const root = new Resource("/{id}");
root.setHandlerFor(
  _get
    .to(
      [
        cookie("a"),
        cookie.signed("a"),
        optional(cookie.private("a")),
        attempt(cookie("a")),
        cookies,
        cookies(),
        cookies(schema),
      ],
      (plain, signed, hidden, tried, jar, same, values, { method }) => {
        assertType<Equal<typeof plain, string>>();
        assertType<Equal<typeof signed, string>>();
        assertType<Equal<typeof hidden, string | undefined>>();
        assertType<Equal<typeof tried, Attempt<string>>>();
        assertType<Equal<typeof jar, CookieJar>>();
        assertType<Equal<typeof same, CookieJar>>();
        assertType<Equal<typeof values, Settings>>();
        return respond(201, { "x-method": method }, jar.set("a", "1"), jar.signed.set("b", "2"), "body");
      },
    )
    .withProperty(cookieKey.to(CookieKey.generate())),
);
assertType<Equal<ReturnType<typeof cookie>, Extractor<string, object>>>();

const jar = context.cookies();
assertType<Equal<typeof jar, CookieJar>>();
assertType<Equal<ReturnType<typeof jar.get>, string | undefined>>();
assertType<Equal<typeof jar.signed, SealedCookies>>();
for (const [name, value] of jar) {
  assertType<Equal<typeof name | typeof value, string>>();
}

jar.set("a", "1", { path: "/", maxAge: 1, expires: new Date(), sameSite: "none", secure: undefined });
// @ts-expect-error there is no such attribute
jar.set("a", "1", { maxage: 1 });
// @ts-expect-error as it is written in headers
jar.set("a", "1", { sameSite: "Lax" });
// @ts-expect-error values are text
jar.private.set("a", 1);
// @ts-expect-error a cookie has a name
cookie();

root.setProperty(cookieKey.to(CookieKey.from(new Uint8Array(32))));
root.setProperty(cookieKey.to([CookieKey.from("secret"), CookieKey.generate()] as const));
// @ts-expect-error a secret is no key
root.setProperty(cookieKey.to("secret"));
// @ts-expect-error nor are numbers
CookieKey.from(7);
const keys: readonly CookieCipher[] = context.property<readonly CookieCipher[]>(cookieKey);
root.setExtension(keys);
