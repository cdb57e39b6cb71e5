/**
 * Says, once, that a server drains: it takes nothing new and waits for what is under way. What has no end of its own,
 * such as a stream of events or a WebSocket, ends then, instead of being cut off when the grace period is over.
 * `Server` gives its own; who serves by other means hands one to `service.createNodeListener({ drainNotice })`, and to
 * `service.createUpgradeListener({ drainNotice })` where the server has an `"upgrade"` listener.
 *
 * @example
 * ```ts
 * const drainNotice = new DrainNotice();
 * const server = createServer(service.createNodeListener({ drainNotice })).listen(8080);
 * process.once("SIGTERM", () => {
 *   server.close();
 *   drainNotice.give();
 * });
 * ```
 */
export class DrainNotice {
  readonly #listeners = new Set<() => void>();
  #isGiven = false;

  /** Whether the server drains already: then no listener is called any more. */
  get isGiven(): boolean {
    return this.#isGiven;
  }

  /** How many wait for it. */
  get listenerCount(): number {
    return this.#listeners.size;
  }

  /** Calls `listener` when the server drains. It must not throw, and be removed when it is not needed any more. */
  add(listener: () => void): void {
    this.#listeners.add(listener);
  }

  remove(listener: () => void): void {
    this.#listeners.delete(listener);
  }

  give(): void {
    this.#isGiven = true;
    const listeners = [...this.#listeners];
    this.#listeners.clear();
    for (const listener of listeners) {
      listener();
    }
  }
}
