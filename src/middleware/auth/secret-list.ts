import type * as nodeCrypto from "node:crypto";
import { builtinModule } from "../../common/builtin-module.ts";

/** Before each secret stands how long it is: filled up with zeros, two that end with some would be the same. */
const LENGTH_BYTES = 4;
/** Secrets take whole blocks, so that the time a comparison takes does not tell how long those of less than one are. */
const BLOCK = 128;
const encoder = /* @__PURE__ */ new TextEncoder();

/**
 * Secrets that a text is compared with in a time that tells nothing of them: all of them are filled up to one length, and
 * each is compared to its end.
 *
 * Needs `node:crypto`: Node, Bun, Deno, or Cloudflare Workers with `nodejs_compat`. Throws an `Error` elsewhere.
 */
export class SecretList {
  readonly #isEqual: typeof nodeCrypto.timingSafeEqual;
  readonly #secrets: readonly Uint8Array[];
  /** What is compared just now. Its text is in the part after the length. */
  readonly #given: Uint8Array;
  readonly #givenText: Uint8Array;
  readonly #givenView: DataView;

  constructor(owner: string, secrets: Iterable<string>) {
    const crypto = builtinModule<typeof nodeCrypto>("node:crypto");
    if (crypto === undefined) {
      throw new Error(
        `${owner} compares secrets with node:crypto, which this runtime does not have: on Cloudflare Workers set the flag nodejs_compat, elsewhere give it verify.`,
      );
    }
    this.#isEqual = crypto.timingSafeEqual;
    const texts = Array.from(secrets, (secret) => encoder.encode(secret));
    const longest = texts.reduce((most, { length }) => Math.max(most, length), 0);
    const size = Math.ceil((LENGTH_BYTES + longest) / BLOCK) * BLOCK;
    this.#secrets = texts.map((text) => filledUp(text, size));
    this.#given = new Uint8Array(size);
    this.#givenText = this.#given.subarray(LENGTH_BYTES);
    this.#givenView = new DataView(this.#given.buffer);
  }

  /** Which of the secrets a text is; -1 when it is none. */
  indexOf(text: string): number {
    const { read, written } = encoder.encodeInto(text, this.#givenText);
    this.#givenView.setUint32(0, written);
    let found = -1;
    for (let index = 0; index < this.#secrets.length; index++) {
      if (this.#isEqual(this.#given, this.#secrets[index] as Uint8Array)) {
        found = index;
      }
    }
    this.#given.fill(0);
    // What did not fit in is longer than all of them, and may begin as one of them.
    return read === text.length ? found : -1;
  }
}

function filledUp(text: Uint8Array, size: number): Uint8Array {
  const filled = new Uint8Array(size);
  new DataView(filled.buffer).setUint32(0, text.length);
  filled.set(text, LENGTH_BYTES);
  return filled;
}
