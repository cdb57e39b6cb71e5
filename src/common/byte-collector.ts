/** Room for the second chunk and some more, in bytes. */
const FIRST_ROOM = 16_384;

/**
 * Puts together the chunks of a body. The only chunk of a small one is handed on as it is. Several are copied into one
 * growing buffer: kept as they came, a megabyte in chunks of one byte each would take hundreds.
 */
export class ByteCollector {
  #bytes: Uint8Array = NO_BYTES;
  #length = 0;
  readonly #most: number;

  /** @param most how long all together can become at most: no room is made beyond it */
  constructor(most: number = Number.POSITIVE_INFINITY) {
    this.#most = most;
  }

  get length(): number {
    return this.#length;
  }

  add(chunk: Uint8Array): void {
    const before = this.#length;
    const length = before + chunk.byteLength;
    this.#length = length;
    if (before === 0) {
      this.#bytes = chunk;
      return;
    }
    // The first chunk is its sender's own and has no room behind it.
    if (length > this.#bytes.byteLength) {
      const room = Math.min(Math.max(FIRST_ROOM, 2 * length), Math.max(length, this.#most));
      const larger = new Uint8Array(room);
      larger.set(this.#bytes.subarray(0, before));
      this.#bytes = larger;
    }
    this.#bytes.set(chunk, before);
  }

  /** What was added, in a row. */
  whole(): Uint8Array {
    const bytes = this.#bytes;
    return bytes.byteLength === this.#length ? bytes : bytes.subarray(0, this.#length);
  }
}

/** The body of a request that has none. */
export const NO_BYTES: Uint8Array = new Uint8Array(0);
