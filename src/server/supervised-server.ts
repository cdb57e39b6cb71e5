import type { Worker } from "node:cluster";
import { reportTo } from "../handler/logger.ts";
import type { BoundAddress, ListenAddress } from "./address.ts";
import { type HeldAddress, holdAddress } from "./held-address.ts";
import { ServeError } from "./server-errors.ts";
import type { ServerSettings } from "./server-settings.ts";
import type { Drainable } from "./shutdown-signals.ts";
import { fromSent, toSent, type WorkerOrder, type WorkerReport } from "./worker-messages.ts";

/** How long after the grace period workers may go on before they are killed, in milliseconds: they end themselves first. */
export const KILL_DELAY = 1_500;

/** What a server wants of those who look after the workers. */
export interface Workers {
  /** Ends the workers if no server needs them any more; fulfilled when they are gone, or at once. */
  release(): Promise<void>;
  kill(): void;
}

/** One server in the process that started the workers: they serve, it has the address and says when to stop. */
export class SupervisedServer implements Drainable {
  readonly #call: string;
  readonly #workers: Workers;
  readonly settings: ServerSettings;
  #state: "reserving" | "starting" | "serving" | "closing" | "failed" = "reserving";
  #held: HeldAddress | undefined;
  #error: ServeError | undefined;
  /** They want to know where to listen. They are told one after the other: Node does not bear two that fail at once. */
  readonly #asking: Worker[] = [];
  #told: Worker | undefined;
  /** Those that were told, until they have closed it. */
  readonly #holders = new Set<Worker>();
  readonly #listening = new Set<Worker>();
  #size = 0;
  #settle: { resolve: () => void; reject: (error: ServeError) => void } | undefined;
  #onEmpty: () => void = () => {};
  readonly #empty: Promise<void>;
  #resolveClosed: () => void = () => {};
  readonly closed: Promise<void>;

  constructor(call: string, settings: ServerSettings, workers: Workers) {
    this.#call = call;
    this.settings = settings;
    this.#workers = workers;
    this.#empty = new Promise((resolve) => {
      this.#onEmpty = resolve;
    });
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
  }

  get graceMs(): number {
    return this.settings.graceMs + this.settings.cleanUpMs + KILL_DELAY;
  }

  /** Whether it looks for its address yet. */
  get isReserving(): boolean {
    return this.#state === "reserving";
  }

  /** Whether it needs workers. */
  get isOpen(): boolean {
    return this.#state === "starting" || this.#state === "serving";
  }

  /** Whether a worker has it still. */
  get isHeld(): boolean {
    return this.#holders.size > 0;
  }

  get isStarting(): boolean {
    return this.#state === "starting";
  }

  async reserve(addresses: readonly ListenAddress[]): Promise<BoundAddress> {
    try {
      this.#held = await holdAddress(addresses);
    } catch (error) {
      this.refuse(error as ServeError);
      throw error;
    }
    this.#state = "starting";
    return this.#held.address;
  }

  /** Nothing is served here: workers, which make the same call, get the same error. */
  refuse(error: ServeError): void {
    this.#state = "failed";
    this.#error = error;
    this.#answerAll();
  }

  /** Fulfilled when so many workers listen. */
  start(size: number): Promise<void> {
    this.#size = size;
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
      this.#answerAll();
    });
  }

  onReport(worker: Worker, { argania, error }: WorkerReport): void {
    if (argania === "ask") {
      this.#asking.push(worker);
      this.#answerAll();
      return;
    }
    if (argania === "listening") {
      this.#listening.add(worker);
      if (this.#state === "starting" && this.#listening.size === this.#size) {
        this.#state = "serving";
        this.#settle?.resolve();
      }
    } else if (argania === "closed") {
      this.#forget(worker);
    } else if (error !== undefined) {
      this.#onFailed(worker, fromSent(error));
    }
    this.#next(worker);
  }

  onEnd(worker: Worker): void {
    const place = this.#asking.indexOf(worker);
    if (place >= 0) {
      this.#asking.splice(place, 1);
    }
    this.#forget(worker);
    this.#next(worker);
  }

  /** It could not be started: `serve()` rejects as soon as what it has started is gone. */
  fail(error: ServeError): void {
    this.#state = "failed";
    this.#error = error;
    this.#stop().then(() => this.#settle?.reject(error));
  }

  drain(): void {
    if (this.isOpen) {
      this.#state = "closing";
      this.#stop().then(this.#resolveClosed);
    }
  }

  destroy(): void {
    this.#workers.kill();
  }

  async #stop(): Promise<void> {
    for (const worker of this.#holders) {
      this.#send(worker, "close");
    }
    this.#answerAll();
    if (this.#holders.size === 0) {
      this.#onEmpty();
    }
    await Promise.all([this.#workers.release(), this.#empty, this.#held?.release()]);
  }

  #onFailed(worker: Worker, error: ServeError): void {
    this.#forget(worker);
    if (this.#state === "starting") {
      this.fail(error);
    } else if (this.#state === "serving") {
      reportTo(this.settings.logger, { err: error }, "A worker could not listen, and is started again");
      worker.process.kill("SIGTERM");
    }
  }

  #forget(worker: Worker): void {
    this.#listening.delete(worker);
    this.#holders.delete(worker);
    if (!this.isOpen && this.#holders.size === 0) {
      this.#onEmpty();
    }
  }

  /** A worker has done what it was told: the next one may. */
  #next(worker: Worker): void {
    if (this.#told === worker) {
      this.#told = undefined;
      this.#answerAll();
    }
  }

  #answerAll(): void {
    if (this.#state === "reserving") {
      return;
    }
    while (this.#asking.length > 0 && (this.#told === undefined || !this.isOpen)) {
      this.#answer(this.#asking.shift() as Worker);
    }
  }

  #answer(worker: Worker): void {
    if (!this.isOpen) {
      this.#send(worker, "close");
      return;
    }
    this.#told = worker;
    this.#held?.release().then(() => this.#tell(worker));
  }

  /** What it was about to be told may be over by now, and so may the worker. */
  #tell(worker: Worker): void {
    if (this.#told !== worker) {
      return;
    }
    if (this.isOpen) {
      this.#holders.add(worker);
    }
    this.#send(worker, this.isOpen ? "listen" : "close");
  }

  #send(worker: Worker, order: "listen" | "close"): void {
    const call = this.#call;
    const address = this.#held?.address;
    const message: WorkerOrder =
      this.#error !== undefined || address === undefined
        ? { argania: "refuse", call, error: toSent(this.#error ?? new ServeError([])) }
        : { argania: order, call, address };
    if (worker.isConnected()) {
      // One that ends just now needs no order.
      worker.send(message, () => {});
    }
  }
}
