/** Something with a size in bytes. */
export interface Sized {
  readonly bytes: number;
}

/** What an entry costs beside its bytes, roughly. */
const OVERHEAD = 1_024;

interface Entry<T> {
  readonly value: T;
  readonly cost: number;
  isUsed: boolean;
}

/**
 * Keeps values up to a number of bytes. What has been asked for since the last time that room had to be made stays for
 * another round ("second chance"): unlike moving it to the end each time, that costs nothing while it is read.
 */
export class FileCache<T extends Sized> {
  readonly #limit: number;
  readonly #entries = new Map<string, Entry<T>>();
  #bytes = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Whether something of this size is kept at all. */
  takes(bytes: number): boolean {
    return bytes + OVERHEAD <= this.#limit;
  }

  get(key: string): T | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) {
      return undefined;
    }
    entry.isUsed = true;
    return entry.value;
  }

  set(key: string, value: T): void {
    this.delete(key);
    const cost = value.bytes + OVERHEAD;
    if (this.takes(value.bytes)) {
      this.#makeRoom(cost);
      this.#entries.set(key, { value, cost, isUsed: false });
      this.#bytes += cost;
    }
  }

  delete(key: string): void {
    const entry = this.#entries.get(key);
    if (entry !== undefined) {
      this.#entries.delete(key);
      this.#bytes -= entry.cost;
    }
  }

  /** A map keeps the order of insertion; what is put back while it is walked through comes up again at the end. */
  #makeRoom(cost: number): void {
    for (const [key, entry] of this.#entries) {
      if (this.#bytes + cost <= this.#limit) {
        break;
      }
      this.#entries.delete(key);
      if (entry.isUsed) {
        entry.isUsed = false;
        this.#entries.set(key, entry);
      } else {
        this.#bytes -= entry.cost;
      }
    }
  }
}
