import type { KeyObject } from "node:crypto";
import { describeValue } from "../../common/describe-value.ts";
import type { CookieCipher } from "../../request/cookies/cookie-key-property.ts";
import { loadCrypto, type NodeCrypto } from "./node-crypto.ts";

/** As long as the keys made of it, in bytes: a shorter secret can be found by trying. */
const SHORTEST_SECRET = 32;
/** In characters of base64url: 32 bytes. */
const SIGNATURE_LENGTH = 43;
const NONCE_LENGTH = 12;
const TAG_LENGTH = 16;

/**
 * A key for signed cookies (HMAC-SHA-256) and private ones (AES-256-GCM). Both have a key of their own, derived from
 * one secret, and both hold for one name: a value cannot be moved to another cookie.
 *
 * Needs `node:crypto`: Node, Bun, Deno, or Cloudflare Workers with `nodejs_compat`.
 *
 * @example
 * ```ts
 * import { CookieKey, cookieKey } from "argania/cookies";
 *
 * root.setProperty(cookieKey.to(CookieKey.from(process.env.COOKIE_SECRET)));
 * root.setHandlerFor(_get.to((context) => context.cookies().signed.get("user") ?? "nobody"));
 * ```
 * Source: RFC 2104, RFC 5869, NIST SP 800-38D.
 */
export class CookieKey implements CookieCipher {
  readonly #node: NodeCrypto;
  readonly #signingKey: KeyObject;
  readonly #encryptionKey: KeyObject;

  /** @internal Use `CookieKey.from` or `CookieKey.generate`. */
  constructor(secret: Uint8Array) {
    const node = loadCrypto();
    const derive = (purpose: string): KeyObject => {
      const bytes = node.crypto.hkdfSync("sha256", secret, "", `argania cookies 1 ${purpose}`, 32);
      return node.crypto.createSecretKey(new Uint8Array(bytes));
    };
    this.#node = node;
    this.#signingKey = derive("signed");
    this.#encryptionKey = derive("private");
  }

  /**
   * The key of a secret: 32 bytes at least, as bytes or as text in UTF-8. Make it at random, and keep it out of the
   * code: `node -p "crypto.randomBytes(32).toString('base64url')"`.
   *
   * Throws a `RangeError` for a shorter secret, a `TypeError` for anything else.
   */
  static from(secret: string | Uint8Array | undefined): CookieKey {
    if (typeof secret !== "string" && !(secret instanceof Uint8Array)) {
      throw new TypeError(
        `CookieKey.from takes a secret, text or bytes, not ${describeValue(secret)}: is the environment variable set?`,
      );
    }
    const bytes = typeof secret === "string" ? new TextEncoder().encode(secret) : secret;
    if (bytes.length < SHORTEST_SECRET) {
      throw new RangeError(
        `The secret of a CookieKey has ${bytes.length} bytes, and ${SHORTEST_SECRET} at least are needed. Make one with: node -p "crypto.randomBytes(32).toString('base64url')"`,
      );
    }
    return new CookieKey(bytes);
  }

  /**
   * A random key. It is gone with this process, and its cookies with it, and no other process or worker has it: for tests
   * and development.
   */
  static generate(): CookieKey {
    return new CookieKey(loadCrypto().crypto.randomBytes(SHORTEST_SECRET));
  }

  sign(name: string, text: string): string {
    return `${this.#signature(name, text)}.${text}`;
  }

  verify(name: string, signed: string): string | undefined {
    if (signed.charCodeAt(SIGNATURE_LENGTH) !== DOT) {
      return undefined;
    }
    const { crypto, Buffer } = this.#node;
    const text = signed.slice(SIGNATURE_LENGTH + 1);
    const expected = Buffer.from(this.#signature(name, text));
    // Compared as text: several texts decode to the same bytes, and only one of them was made here.
    const given = Buffer.from(signed.slice(0, SIGNATURE_LENGTH));
    return given.length === expected.length && crypto.timingSafeEqual(given, expected) ? text : undefined;
  }

  seal(name: string, text: string): string {
    const { crypto, Buffer } = this.#node;
    const nonce = crypto.randomBytes(NONCE_LENGTH);
    const cipher = crypto.createCipheriv("aes-256-gcm", this.#encryptionKey, nonce, {
      authTagLength: TAG_LENGTH,
    });
    cipher.setAAD(Buffer.from(name));
    const parts = [nonce, cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()];
    return Buffer.concat(parts).toString("base64url");
  }

  open(name: string, sealed: string): string | undefined {
    const { crypto, Buffer } = this.#node;
    const bytes = Buffer.from(sealed, "base64url");
    // The decoder skips what is not base64url: only the one way of writing the bytes counts.
    if (bytes.length < NONCE_LENGTH + TAG_LENGTH || bytes.toString("base64url") !== sealed) {
      return undefined;
    }
    const tagStart = bytes.length - TAG_LENGTH;
    const decipher = crypto.createDecipheriv(
      "aes-256-gcm",
      this.#encryptionKey,
      bytes.subarray(0, NONCE_LENGTH),
      { authTagLength: TAG_LENGTH },
    );
    decipher.setAAD(Buffer.from(name));
    decipher.setAuthTag(bytes.subarray(tagStart));
    try {
      // All of it: GCM keeps nothing back for `final`, which only compares the tag. As bytes, since text goes through a decoder.
      const text = decipher.update(bytes.subarray(NONCE_LENGTH, tagStart));
      decipher.final();
      return text.toString();
    } catch {
      return undefined;
    }
  }

  /** With the length of the name, so that no other name and text run together to the same bytes. */
  #signature(name: string, text: string): string {
    const hmac = this.#node.crypto.createHmac("sha256", this.#signingKey);
    return hmac.update(`${name.length}:${name}${text}`).digest("base64url");
  }
}

const DOT = 46;
