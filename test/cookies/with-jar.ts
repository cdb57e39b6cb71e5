import { _get, type CookieJar, type RequestContext, Resource } from "argania";
import { CookieKey, cookieKey } from "argania/cookies";

export const SECRET = "a secret of tests, 32 bytes at least";
export const KEY: CookieKey = CookieKey.from(SECRET);

export interface JarRequest {
  readonly cookie?: string;
  readonly url?: string;
  readonly keys?: readonly CookieKey[];
}

/** The context of a request, as a handler sees it. */
export function contextOf({ cookie, url = "/", keys = [KEY] }: JarRequest = {}): Promise<RequestContext> {
  return new Promise((resolve, reject) => {
    const root = new Resource("/ *").setHandlerFor(
      _get.to((context: RequestContext) => {
        resolve(context);
      }),
    );
    if (keys.length > 0) {
      root.setProperty(cookieKey.to(keys));
    }
    const headers = cookie === undefined ? {} : { cookie };
    root.intoService().request(url, { headers }).catch(reject);
  });
}

export async function jarOf(request: JarRequest = {}): Promise<CookieJar> {
  return (await contextOf(request)).cookies();
}

/** The `Set-Cookie` headers that a jar adds. */
export function linesOf(jar: CookieJar, headers: Headers = new Headers()): readonly string[] {
  jar.appendTo(headers);
  return headers.getSetCookie();
}

/** What a browser would send back for `Set-Cookie` headers: names and values, later ones over earlier ones. */
export function cookieHeader(lines: readonly string[]): string {
  const pairs = new Map(
    lines.map((line) => {
      const pair = line.split(";")[0] as string;
      return [pair.slice(0, pair.indexOf("=")), pair];
    }),
  );
  return [...pairs.values()].join("; ");
}
