/** What has become of a request. */
export interface RequestOutcome {
  /** The status that the client got; `undefined` when nothing was sent, since it had gone away before. */
  readonly status: number | undefined;
  /** Whether the response was sent to its end. Otherwise the connection broke, or `error` broke it off. */
  readonly isComplete: boolean;
  /** What was thrown and reached the service, before the response or while it was sent; else `undefined`. */
  readonly error: unknown;
}

/** Called once, when a request is over. */
export type OutcomeHook = (outcome: RequestOutcome) => void;

/** How a runtime tells that a response is over. */
export type WhenAnswered = (status: number | undefined, isComplete: boolean) => void;

/** Waits for the end of one request. */
export class OutcomeHooks {
  #hooks: OutcomeHook[] | null = [];
  #failure: { readonly error: unknown } | null = null;
  readonly #report: (error: unknown) => void;

  /** @param report is told of a hook that throws */
  constructor(report: (error: unknown) => void) {
    this.#report = report;
  }

  add(hook: OutcomeHook): void {
    this.#hooks?.push(hook);
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
    const hooks = this.#hooks;
    this.#hooks = null;
    const outcome: RequestOutcome = Object.freeze({ status, isComplete, error: this.#failure?.error });
    for (let index = (hooks?.length ?? 0) - 1; index >= 0; index--) {
      try {
        hooks?.[index]?.(outcome);
      } catch (error) {
        this.#report(error);
      }
    }
  }
}
