import { assertOptions, wholeNumberOption } from "../../common/assert-options.ts";
import type { SaveOptions, SessionStore } from "./session-store.ts";

export interface MemorySessionStoreOptions {
  /**
   * How many sessions are kept; of more, first those that are over, then those that nobody has saved for longest are
   * forgotten. Default: 10,000.
   */
  readonly capacity?: number;
}

/**
 * Sessions in the memory of this process: for development, tests, and servers of a single process that may forget them.
 *
 * Throws a `TypeError` or a `RangeError` for options that are not valid.
 *
 * @example
 * ```ts
 * const session = defineSession<{ userId: string }>({ store: new MemorySessionStore() });
 * ```
 */
export class MemorySessionStore implements SessionStore {
  readonly #capacity: number;
  /** In the order of saving: the first one was saved longest ago. */
  readonly #entries = new Map<string, { readonly text: string; readonly expiresAt: number }>();

  /** How many sessions too many may come until those that are over are looked for. */
  #untilSweep = 0;

  constructor(options: MemorySessionStoreOptions = {}) {
    assertOptions("MemorySessionStore", options, ["capacity"]);
    this.#capacity = wholeNumberOption("MemorySessionStore", "capacity", options.capacity, {
      least: 1,
      greatest: 10_000_000,
      preset: 10_000,
    });
  }

  /** How many sessions there are, expired ones that nobody has asked for included. */
  get size(): number {
    return this.#entries.size;
  }

  load(id: string): string | undefined {
    const entry = this.#entries.get(id);
    if (entry !== undefined && entry.expiresAt <= Date.now()) {
      this.#entries.delete(id);
      return undefined;
    }
    return entry?.text;
  }

  save(id: string, text: string, { ttl, isNew }: SaveOptions): boolean {
    if (!isNew && this.load(id) === undefined) {
      return false;
    }
    this.#entries.delete(id);
    this.#entries.set(id, { text, expiresAt: Date.now() + ttl * 1000 });
    if (this.#entries.size > this.#capacity) {
      this.#makeRoom();
    }
    return true;
  }

  delete(id: string): void {
    this.#entries.delete(id);
  }

  #makeRoom(): void {
    if (--this.#untilSweep <= 0) {
      // Not each time: who makes sessions without end must not make each of them cost as much as all of them.
      this.#untilSweep = Math.ceil(this.#capacity / 8);
      const now = Date.now();
      for (const [id, { expiresAt }] of this.#entries) {
        if (expiresAt <= now) {
          this.#entries.delete(id);
        }
      }
    }
    if (this.#entries.size > this.#capacity) {
      const [oldest] = this.#entries.keys();
      this.#entries.delete(oldest as string);
    }
  }
}
