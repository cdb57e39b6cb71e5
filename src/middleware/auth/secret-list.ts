import type * as nodeCrypto from "node:crypto";
import { builtinModule } from "../../common/builtin-module.ts";

/** A secret as it is compared: always of the same length. */
type Fingerprint = Uint8Array;

/**
 * Secrets that a text is compared with in a time that tells nothing of them: their hashes are compared, all of them,
 * and each to its end.
 *
 * Needs `node:crypto`: Node, Bun, Deno, or Cloudflare Workers with `nodejs_compat`. Throws an `Error` elsewhere.
 */
export class SecretList {
  readonly #crypto: typeof nodeCrypto;
  /** Of this process: what the hash of a given text is cannot be known beforehand. */
  readonly #key: Uint8Array;
  readonly #fingerprints: readonly Fingerprint[];

  constructor(owner: string, secrets: Iterable<string>) {
    const crypto = builtinModule<typeof nodeCrypto>("node:crypto");
    if (crypto === undefined) {
      throw new Error(
        `${owner} compares secrets with node:crypto, which this runtime does not have: on Cloudflare Workers set the flag nodejs_compat, elsewhere give it verify.`,
      );
    }
    this.#crypto = crypto;
    this.#key = crypto.randomBytes(32);
    this.#fingerprints = Array.from(secrets, (secret) => this.#fingerprint(secret));
  }

  /** Which of the secrets a text is; -1 when it is none. */
  indexOf(text: string): number {
    const given = this.#fingerprint(text);
    let found = -1;
    for (const [index, fingerprint] of this.#fingerprints.entries()) {
      if (this.#crypto.timingSafeEqual(given, fingerprint)) {
        found = index;
      }
    }
    return found;
  }

  #fingerprint(text: string): Fingerprint {
    return this.#crypto.createHmac("sha256", this.#key).update(text).digest();
  }
}
