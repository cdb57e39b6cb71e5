import { type CookieJar, ExtensionKey, type RequestContext } from "argania";

/**
 * The cookie that says who is logged in. It is signed: a client can read the name in it, which is no secret to its user,
 * but a name that was not signed here, or has expired, is absent. What a client may not read belongs into a private cookie.
 *
 * Its `SameSite=Lax`, the default, is what keeps other sites from acting in a user's name (CSRF): browsers send it with
 * their links, which are GETs, but not with their forms, scripts and images. So no GET changes anything here. Two things
 * Lax does not cover: pages on subdomains and other ports of the same host count as the same site, and a login needs no
 * cookie. Where that matters, refuse a POST whose `Sec-Fetch-Site` is not "same-origin".
 *
 * Over HTTPS the name would be `__Host-user`: then no subdomain could plant one.
 */
const NAME = "argania-example-user";
const ONE_HOUR = 3_600;

/** Who has sent a request, for everything behind the guard `membersOnly`. */
export const userKey: ExtensionKey<string> = new ExtensionKey<string>("user");

/** Who is logged in, if anybody is. */
export function userOf(context: RequestContext<object>): string | undefined {
  return context.cookies().signed.get(NAME);
}

/** A change of the cookies that is part of a response: `respond(logIn(context, name), …)`. */
export function logIn(context: RequestContext<object>, user: string): CookieJar {
  return context.cookies().signed.set(NAME, user, { maxAge: ONE_HOUR });
}

export function logOut(context: RequestContext<object>): CookieJar {
  return context.cookies().remove(NAME);
}
