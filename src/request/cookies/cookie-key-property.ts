import { describeValue } from "../../common/describe-value.ts";
import { type OneOrMany, toArray } from "../../common/one-or-many.ts";
import { type Property, PropertyKind } from "../../common/property.ts";

/** What a jar needs of a key for signed and private cookies. `CookieKey` of `argania/cookies` has it. */
export interface CookieCipher {
  /** `text` with a signature that holds for this name only. */
  sign(name: string, text: string): string;
  /** The text that {@link CookieCipher.sign} signed for this name, or `undefined` for anything else. */
  verify(name: string, signed: string): string | undefined;
  /** `text` encrypted for this name only. */
  seal(name: string, text: string): string;
  /** The text that {@link CookieCipher.seal} sealed for this name, or `undefined` for anything else. */
  open(name: string, sealed: string): string | undefined;
}

/** The kind of {@link cookieKey}. */
export class CookieKeyProperty extends PropertyKind<readonly CookieCipher[]> {
  /**
   * A key, or several in the order of their age: the newest one first, which makes new cookies. All of them read.
   *
   * Throws a `TypeError` for what is no key.
   */
  override to(keys: OneOrMany<CookieCipher>): Property<readonly CookieCipher[]> {
    const all = Object.freeze([...toArray(keys)]);
    if (all.length === 0) {
      throw new TypeError("cookieKey.to takes one key at least: write cookieKey.to(CookieKey.from(secret)).");
    }
    for (const key of all) {
      assertCipher(key);
    }
    return super.to(all);
  }
}

/**
 * The key that signs and encrypts cookies. A node inherits it from those above; a handler may have its own with
 * `withProperty`.
 *
 * @example
 * ```ts
 * import { CookieKey, cookieKey } from "argania/cookies";
 *
 * const [current, previous] = [CookieKey.from(newSecret), CookieKey.from(oldSecret)];
 * router.setProperty(cookieKey.to([current, previous]));
 * ```
 */
export const cookieKey: CookieKeyProperty = new CookieKeyProperty("cookie key", []);

const FUNCTIONS = ["sign", "verify", "seal", "open"] as const;

function assertCipher(value: unknown): void {
  const cipher = value as Partial<CookieCipher> | null | undefined;
  if (!FUNCTIONS.every((name) => typeof cipher?.[name] === "function")) {
    throw new TypeError(
      `cookieKey.to takes a CookieKey, not ${describeValue(value)}: write cookieKey.to(CookieKey.from(secret)).`,
    );
  }
}
