import { boundToRequest } from "../common/request-binding.ts";
import { type OutcomeHook, OutcomeHooks } from "./request-outcome.ts";
import type { RequestSource } from "./request-source.ts";

/** Changes the response that a client gets, right before its head is written. */
export type SendHook = (response: Response & { status: number }) => void;

/** What is to be done before and after a request is answered. */
export class AnswerHooks {
  /** In the order in which they were added; `undefined` when there are none. */
  sendHooks: SendHook[] | undefined = undefined;
  #handedOn: (() => void)[] | undefined = undefined;
  #outcome: OutcomeHooks | undefined = undefined;

  beforeSend(hook: SendHook): void {
    this.sendHooks ??= [];
    this.sendHooks.push(hook);
  }

  afterSend(run: OutcomeHook, source: RequestSource): void {
    // The end of a response is an event of its connection, which belongs to another request, or to none.
    const hook = boundToRequest(run);
    if (this.#outcome === undefined) {
      const report = (error: unknown) => source.reportFailure(error, "A hook after sending failed");
      const outcome = new OutcomeHooks(boundToRequest(report));
      outcome.add(hook);
      this.#outcome = outcome;
      source.whenAnswered((status, isComplete) => outcome.finish(status, isComplete));
    } else {
      this.#outcome.add(hook);
    }
  }

  /** For those who wait for an answer of this service's, when there will be none. */
  whenHandedOn(callback: () => void): void {
    this.#handedOn ??= [];
    this.#handedOn.push(callback);
  }

  /** Somebody behind the service answers instead of it. */
  handOn(): void {
    for (const callback of this.#handedOn ?? []) {
      callback();
    }
  }

  /** Keeps what reached the service, for those who wait for the end of the request. */
  noteFailure(error: unknown): void {
    this.#outcome?.fail(error);
  }

  /** What has reached the service, where somebody waits for the end of the request. */
  get failure(): { readonly error: unknown } | null {
    return this.#outcome?.failure ?? null;
  }

  /** Ends a request whose connection goes on with another protocol. */
  noteUpgrade(): void {
    this.#outcome?.finish(101, true);
  }
}
