import { randomBytes } from "node:crypto";
import { CookieKey } from "argania/cookies";
import type { Secrets } from "./build-app.ts";

/** From the environment; what is not there is made anew, and lasts as long as the process. */
export function readSecrets(environment: NodeJS.ProcessEnv): Secrets {
  const { COOKIE_SECRET, TOKEN_SECRET, PASSWORD } = environment;
  return {
    cookieKey: COOKIE_SECRET ? CookieKey.from(COOKIE_SECRET) : CookieKey.generate(),
    tokenSecret: TOKEN_SECRET ? new TextEncoder().encode(TOKEN_SECRET) : randomBytes(32),
    password: PASSWORD || randomBytes(6).toString("hex"),
  };
}
