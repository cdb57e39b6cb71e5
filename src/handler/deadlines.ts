import { boundToRequest } from "../common/request-binding.ts";
import { outsideOfRequests } from "./current-context.ts";

/** A request that waits for its handler. */
export interface Deadline {
  previous: Deadline | null;
  next: Deadline | null;
  expiresAt: number;
  expire: () => void;
}

/**
 * One time limit for many requests. Since all have the same, they expire in the order of their arrival: a linked
 * list and a single timer do what a timer for each request would, at a fraction of the cost.
 */
export class Deadlines {
  /** The time limit. */
  readonly milliseconds: number;
  #first: Deadline | null = null;
  #last: Deadline | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(milliseconds: number) {
    this.milliseconds = milliseconds;
  }

  add(expire: () => void): Deadline {
    const expiresAt = performance.now() + this.milliseconds;
    const deadline: Deadline = {
      previous: this.#last,
      next: null,
      expiresAt,
      expire: boundToRequest(expire),
    };
    if (this.#last === null) {
      this.#first = deadline;
    } else {
      this.#last.next = deadline;
    }
    this.#last = deadline;
    this.#schedule();
    return deadline;
  }

  /** Takes a request that was answered in time off the list. */
  remove(deadline: Deadline): void {
    if (deadline.previous === null && this.#first !== deadline) {
      return;
    }
    if (deadline.previous === null) {
      this.#first = deadline.next;
    } else {
      deadline.previous.next = deadline.next;
    }
    if (deadline.next === null) {
      this.#last = deadline.previous;
    } else {
      deadline.next.previous = deadline.previous;
    }
    deadline.previous = null;
    deadline.next = null;
  }

  #schedule(): void {
    if (this.#timer === undefined && this.#first !== null) {
      const delay = Math.max(1, this.#first.expiresAt - performance.now());
      this.#timer = outsideOfRequests(() => setTimeout(() => this.#expireDue(), delay));
      (this.#timer as { unref?: () => void }).unref?.();
    }
  }

  #expireDue(): void {
    this.#timer = undefined;
    const now = performance.now();
    while (this.#first !== null && this.#first.expiresAt <= now) {
      const due = this.#first;
      this.remove(due);
      due.expire();
    }
    this.#schedule();
  }
}
