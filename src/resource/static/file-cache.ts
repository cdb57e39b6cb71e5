/** Something with a size in bytes. */
export interface Sized {
  readonly bytes: number;
}

/** What an entry costs beside its bytes, roughly. */
const OVERHEAD = 1_024;

/** Keeps what was used last, up to a number of bytes. */
export class FileCache<T extends Sized> {
  readonly #limit: number;
  readonly #entries = new Map<string, T>();
  #bytes = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get(key: string): T | undefined {
    const entry = this.#entries.get(key);
    if (entry !== undefined) {
      // A map keeps the order of insertion: the first is the one that was not used for longest.
      this.#entries.delete(key);
      this.#entries.set(key, entry);
    }
    return entry;
  }

  set(key: string, entry: T): void {
    this.delete(key);
    if (costOf(entry) > this.#limit) {
      return;
    }
    this.#entries.set(key, entry);
    this.#bytes += costOf(entry);
    for (const [oldest] of this.#entries) {
      if (this.#bytes <= this.#limit) {
        break;
      }
      this.delete(oldest);
    }
  }

  delete(key: string): void {
    const entry = this.#entries.get(key);
    if (entry !== undefined) {
      this.#entries.delete(key);
      this.#bytes -= costOf(entry);
    }
  }
}

function costOf({ bytes }: Sized): number {
  return bytes + OVERHEAD;
}
