/** Something that is looked at from time to time. */
export interface Swept {
  check(): void;
}

/**
 * One timer for many connections, instead of one for each message of each. It runs only while there are some, and keeps
 * no process alive.
 */
export class Sweep {
  readonly #period: number;
  readonly #members = new Set<Swept>();
  #timer: ReturnType<typeof setInterval> | undefined = undefined;

  /** @param period in milliseconds */
  constructor(period: number) {
    this.#period = period;
  }

  add(member: Swept): void {
    this.#members.add(member);
    if (this.#timer === undefined) {
      this.#timer = setInterval(() => this.#run(), this.#period);
      (this.#timer as { unref?: () => void }).unref?.();
    }
  }

  remove(member: Swept): void {
    this.#members.delete(member);
    if (this.#members.size === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
  }

  #run(): void {
    for (const member of [...this.#members]) {
      member.check();
    }
  }
}
