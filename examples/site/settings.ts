import { CookieKey } from "argania/cookies";

const DEFAULT_PORT = 8080;
const KEY_VARIABLE = "ARGANIA_COOKIE_SECRET";

/** A mistake of whoever starts the site: the message says what to do. */
export class StartError extends Error {}

/** Where to serve: the environment variable `PORT`. Throws a `StartError` for what is none. */
export function readPort({ PORT: value }: NodeJS.ProcessEnv): number {
  const port = value === undefined || value === "" ? DEFAULT_PORT : Number(value);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new StartError(`PORT is "${value}": use a number from 1 to 65535.`);
  }
  return port;
}

/** The key for cookies, with a note on where it is from. A secret belongs into the environment, not into the code. */
export function readCookieKey(environment: NodeJS.ProcessEnv): readonly [key: CookieKey, note: string] {
  const secret = environment[KEY_VARIABLE];
  if (secret === undefined || secret === "") {
    return [
      CookieKey.generate(),
      `The key for cookies was made just now: logins end with the server. ${KEY_VARIABLE} can hold a lasting secret.`,
    ];
  }
  try {
    return [CookieKey.from(secret), `The key for cookies is made of ${KEY_VARIABLE}.`];
  } catch (error) {
    throw new StartError(`${KEY_VARIABLE}: ${(error as Error).message}`);
  }
}
