import type * as nodeCrypto from "node:crypto";
import { decodeProtectedHeader, UnsecuredJWT } from "jose";
import type { ClaimRules, JwtClaims } from "./jwt-options.ts";

/** A secret, and the `kid` of the tokens that it is for; without one, for all. */
export type SecretKey = readonly [kid: string | undefined, secret: Uint8Array];

/** What a header says, if it says nothing that only `jose` knows to handle. */
interface PlainHeader {
  readonly hash: string;
  readonly keys: readonly nodeCrypto.KeyObject[];
  /** The header of a token that has the same claims, and no signature. */
  readonly unsecured: string;
}

const HASHES: Readonly<Record<string, string>> = { HS256: "sha256", HS384: "sha384", HS512: "sha512" };
/** With any other member, such as `crit` (RFC 7515 §4.1.11), a token is for `jose`. */
const PLAIN_MEMBERS: ReadonlySet<string> = new Set(["alg", "kid", "typ"]);
/** All tokens of an issuer have the same few headers. */
const REMEMBERED = 64;
const LONGEST_REMEMBERED = 256;

const encoder = /* @__PURE__ */ new TextEncoder();

/**
 * Knows the good tokens among those that are signed with a secret, at once: Web Crypto, which is all that `jose` uses, hands
 * each of them to another thread and back, which takes ten times as long as the HMAC itself. The signature is compared
 * here, the claims are checked by `jose`. Tokens that it does not know are for `jose` to refuse, or not.
 */
export class SecretVerifier {
  readonly #crypto: typeof nodeCrypto;
  readonly #keys: readonly (readonly [kid: string | undefined, key: nodeCrypto.KeyObject])[];
  readonly #rules: ClaimRules;
  readonly #headers = new Map<string, PlainHeader | null>();

  constructor(crypto: typeof nodeCrypto, secrets: readonly SecretKey[], rules: ClaimRules) {
    this.#crypto = crypto;
    this.#keys = secrets.map(([kid, secret]) => [kid, crypto.createSecretKey(secret)]);
    this.#rules = rules;
  }

  /** The claims of a token with a good signature, `undefined` without. Throws an error of `jose` for claims that are not good. */
  claimsOf(token: string): JwtClaims | undefined {
    const endOfHeader = token.indexOf(".");
    const endOfClaims = token.lastIndexOf(".");
    const header = this.#headerOf(token.slice(0, endOfHeader));
    if (header === null) {
      return undefined;
    }
    const given = encoder.encode(token.slice(endOfClaims + 1));
    const signed = token.slice(0, endOfClaims);
    if (!header.keys.some((key) => this.#isSignature(given, header.hash, key, signed))) {
      return undefined;
    }
    // Not `token` itself, whose algorithm is not "none": nothing but this has a signature already.
    const unsecured = `${header.unsecured}${token.slice(endOfHeader, endOfClaims + 1)}`;
    return UnsecuredJWT.decode(unsecured, this.#rules).payload as JwtClaims;
  }

  /** As text: in base64url, several texts stand for the same bytes. */
  #isSignature(given: Uint8Array, hash: string, key: nodeCrypto.KeyObject, signed: string): boolean {
    const made = encoder.encode(this.#crypto.createHmac(hash, key).update(signed).digest("base64url"));
    return made.length === given.length && this.#crypto.timingSafeEqual(made, given);
  }

  #headerOf(text: string): PlainHeader | null {
    const known = this.#headers.get(text);
    if (known !== undefined) {
      return known;
    }
    const header = this.#read(text);
    if (text.length <= LONGEST_REMEMBERED) {
      if (this.#headers.size >= REMEMBERED) {
        this.#headers.clear();
      }
      this.#headers.set(text, header);
    }
    return header;
  }

  #read(text: string): PlainHeader | null {
    try {
      const header = decodeProtectedHeader(`${text}..`);
      const { alg = "", kid, typ } = header;
      const hash = this.#rules.algorithms.includes(alg) ? HASHES[alg] : undefined;
      const isPlain = Object.keys(header).every((name) => PLAIN_MEMBERS.has(name));
      const keys = this.#keys.filter(([id]) => id === undefined || id === kid).map(([, key]) => key);
      if (hash === undefined || !isPlain || keys.length === 0) {
        return null;
      }
      const unsecured = encoder.encode(JSON.stringify({ alg: "none", typ }));
      return { hash, keys, unsecured: base64url(unsecured) };
    } catch {
      return null;
    }
  }
}

function base64url(bytes: Uint8Array): string {
  const base64 = btoa(String.fromCharCode(...bytes));
  return base64.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
