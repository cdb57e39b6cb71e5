import { ArganiaError } from "../../common/argania-error.ts";

/** A cookie that cannot be written, or that browsers would drop without a word. The client gets a 500 that does not say so. */
export class CookieError extends ArganiaError {
  readonly code = "ARGANIA_COOKIE";
}

/** A signed or private cookie was asked for where no key is in force. The client gets a 500 that does not say so. */
export class MissingCookieKeyError extends ArganiaError {
  readonly code = "ARGANIA_MISSING_COOKIE_KEY";

  constructor(path: string) {
    super(
      `There is no key for the signed or private cookies of ${JSON.stringify(path)}: write setProperty(cookieKey.to(CookieKey.from(secret))) at its resource or at one above it, with cookieKey and CookieKey of "argania/cookies".`,
    );
  }
}
