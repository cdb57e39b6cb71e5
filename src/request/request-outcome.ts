import { isPromiseLike } from "../common/maybe-promise.ts";

/** What has become of a request. */
export interface RequestOutcome {
  /** The status that the client got; `undefined` when nothing was sent, since it had gone away before. */
  readonly status: number | undefined;
  /** Whether the response was sent to its end. Otherwise the connection broke, or `error` broke it off. */
  readonly isComplete: boolean;
  /** What was thrown and reached the service, before the response or while it was sent; else `undefined`. */
  readonly error: unknown;
}

/** Called once, when a request is over; at once if it is so already. */
export type OutcomeHook = (outcome: RequestOutcome) => void;

/** How a runtime tells that a response is over. */
export type WhenAnswered = (status: number | undefined, isComplete: boolean) => void;

/** Waits for the end of one request. */
export class OutcomeHooks {
  readonly #hooks: OutcomeHook[] = [];
  #outcome: RequestOutcome | null = null;
  #failure: { readonly error: unknown } | null = null;
  readonly #report: (error: unknown) => void;

  /** @param report is told of a hook that throws or rejects */
  constructor(report: (error: unknown) => void) {
    this.#report = report;
  }

  add(hook: OutcomeHook): void {
    if (this.#outcome === null) {
      this.#hooks.push(hook);
    } else {
      this.#run(hook, this.#outcome);
    }
  }

  /** What has failed so far. */
  get failure(): { readonly error: unknown } | null {
    return this.#failure;
  }

  /** Keeps the first failure: later ones are its consequences. */
  fail(error: unknown): void {
    this.#failure ??= { error };
  }

  /** Runs the hooks, the last one first; the first call counts. A hook that throws keeps none of the others from running. */
  finish(status: number | undefined, isComplete: boolean): void {
    if (this.#outcome !== null) {
      return;
    }
    const outcome: RequestOutcome = Object.freeze({ status, isComplete, error: this.#failure?.error });
    this.#outcome = outcome;
    for (const hook of this.#hooks.splice(0).reverse()) {
      this.#run(hook, outcome);
    }
  }

  #run(hook: OutcomeHook, outcome: RequestOutcome): void {
    try {
      const pending: unknown = hook(outcome);
      if (isPromiseLike(pending)) {
        Promise.resolve(pending).catch(this.#report);
      }
    } catch (error) {
      this.#report(error);
    }
  }
}
