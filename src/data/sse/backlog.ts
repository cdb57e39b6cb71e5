/** What becomes of a client that takes less than it is sent. */
export type SlowClients = "disconnect" | "skip";

/** What a chunk takes besides its bytes, about. */
const OVERHEAD = 100;

/** How many places of chunks that were taken are kept until they are cleared up. */
const MOST_TAKEN = 1_024;

/** What waits for a client that takes nothing at the moment. */
export class Backlog {
  readonly #limit: number;
  readonly #slowClients: SlowClients;
  #chunks: (Uint8Array | undefined)[] = [];
  #taken = 0;
  #bytes = 0;

  constructor(limit: number, slowClients: SlowClients) {
    this.#limit = limit;
    this.#slowClients = slowClients;
  }

  get isEmpty(): boolean {
    return this.#taken === this.#chunks.length;
  }

  /** Whether the chunk could be kept, perhaps in place of the oldest ones. One chunk has its place in any case. */
  add(chunk: Uint8Array): boolean {
    const size = chunk.byteLength + OVERHEAD;
    while (!this.isEmpty && this.#bytes + size > this.#limit) {
      if (this.#slowClients === "disconnect") {
        return false;
      }
      this.take();
    }
    this.#chunks.push(chunk);
    this.#bytes += size;
    return true;
  }

  take(): Uint8Array | undefined {
    const chunk = this.#chunks[this.#taken];
    if (chunk !== undefined) {
      this.#bytes -= chunk.byteLength + OVERHEAD;
      this.#chunks[this.#taken] = undefined;
      this.#taken++;
      if (this.#taken === MOST_TAKEN) {
        this.#chunks = this.#chunks.slice(this.#taken);
        this.#taken = 0;
      }
    }
    return chunk;
  }
}
