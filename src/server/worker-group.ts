import type { Worker } from "node:cluster";
import { loadCluster } from "./node-modules.ts";
import { RestartPolicy } from "./restart-policy.ts";
import { watchHandovers } from "./stranded-connections.ts";
import { isReport, type WorkerReport } from "./worker-messages.ts";

/** Tells a worker which one it is. */
export const WORKER_VARIABLE = "WORKER_OF_ARGANIA";

/** How long after its channel the process of a worker may end, in milliseconds: most end with it. */
const LEAVING_TIME = 100;

/** What the group tells of its workers. */
export interface GroupEvents {
  report(worker: Worker, report: WorkerReport): void;
  /**
   * @param worker `null` if there was none to begin with
   * @param end what became of it, as a sentence without a full stop
   * @param wait when another one takes its place, in milliseconds; `null` when none does
   */
  ended(worker: Worker | null, end: string, wait: number | null): void;
}

/** Where one worker after the other is. */
interface Place {
  readonly number: number;
  readonly policy: RestartPolicy;
  worker: Worker | null;
  servesSince: number | null;
  restart: ReturnType<typeof setTimeout> | undefined;
}

/** The worker processes of this program: it starts them, and replaces those that end. */
export class WorkerGroup {
  readonly #events: GroupEvents;
  readonly #places: readonly Place[];
  /** Those that have given up their place and have not ended yet. */
  readonly #leaving = new Set<Worker>();
  #isEnding = false;
  #resolveGone: () => void = () => {};
  /** Fulfilled when the group was ended and the last process is gone. */
  readonly gone: Promise<void> = new Promise((resolve) => {
    this.#resolveGone = resolve;
  });

  constructor(count: number, events: GroupEvents) {
    this.#events = events;
    this.#places = Array.from({ length: count }, (_, index) => ({
      number: index + 1,
      policy: new RestartPolicy(),
      worker: null,
      servesSince: null,
      restart: undefined,
    }));
  }

  get size(): number {
    return this.#places.length;
  }

  get isEnding(): boolean {
    return this.#isEnding;
  }

  start(): void {
    for (const place of this.#places) {
      if (!this.#isEnding) {
        this.#fork(place);
      }
    }
  }

  /**
   * Replaces no worker any more, and ends those that serve nothing yet; the others have their orders.
   *
   * @param graceMs when what is left is killed, in milliseconds
   */
  end(graceMs: number, isServing: (worker: Worker) => boolean): void {
    if (this.#isEnding) {
      return;
    }
    this.#isEnding = true;
    const killer = setTimeout(() => this.kill(), graceMs);
    this.gone.then(() => clearTimeout(killer));
    for (const { worker, restart } of this.#places) {
      clearTimeout(restart);
      if (worker !== null && !isServing(worker)) {
        worker.process.kill("SIGTERM");
      }
    }
    this.#lookIfGone();
  }

  /** Ends every worker at once. */
  kill(): void {
    for (const worker of [...this.#places.map((place) => place.worker), ...this.#leaving]) {
      worker?.process.kill("SIGKILL");
    }
  }

  #fork(place: Place): void {
    try {
      place.worker = loadCluster().fork({ [WORKER_VARIABLE]: String(place.number) });
    } catch (error) {
      // The system refuses it at once: of some reasons it tells so, of others with an event.
      this.#onEnd(place, notStarted(error as Error));
      return;
    }
    this.#watch(place, place.worker);
  }

  #watch(place: Place, worker: Worker): void {
    worker.on("error", (error: Error) => {
      if (worker.process.pid === undefined && place.worker === worker) {
        this.#onEnd(place, notStarted(error));
      }
    });
    const saveStranded = watchHandovers(worker);
    worker.on("message", (message: unknown) => {
      if (isReport(message)) {
        if (message.argania === "listening") {
          place.servesSince ??= performance.now();
        }
        this.#events.report(worker, message);
      }
    });
    worker.once("exit", (code: number | null, signal: string | null) => {
      const onEnd = () => {
        saveStranded();
        this.#onExit(place, worker, signal ? `was killed by ${signal}` : `ended with exit code ${code}`);
      };
      if (worker.isConnected()) {
        // Its last words, such as why it could not listen, are still to be read.
        worker.once("disconnect", onEnd);
      } else {
        onEnd();
      }
    });
    worker.once("disconnect", () => {
      const onLate = () => {
        saveStranded();
        this.#onLeft(place, worker);
      };
      setTimeout(onLate, LEAVING_TIME).unref();
    });
  }

  /** Nobody is served from its place any more, however long something else keeps its process alive. */
  #onLeft(place: Place, worker: Worker): void {
    if (place.worker === worker) {
      this.#leaving.add(worker);
      this.#onEnd(place, "serves no more");
    }
  }

  #onExit(place: Place, worker: Worker, end: string): void {
    if (place.worker === worker) {
      this.#onEnd(place, end);
    } else {
      this.#leaving.delete(worker);
      this.#lookIfGone();
    }
  }

  #onEnd(place: Place, end: string): void {
    const { number, worker, servesSince, policy } = place;
    place.worker = null;
    place.servesSince = null;
    let wait: number | null = null;
    if (!this.#isEnding) {
      wait = policy.waitAfter(servesSince === null ? 0 : performance.now() - servesSince);
      if (wait !== null) {
        place.restart = setTimeout(() => this.#fork(place), wait);
      }
    }
    const id = worker?.process.pid === undefined ? "" : ` (process ${worker.process.pid})`;
    this.#events.ended(worker, `Worker ${number}${id} ${end}`, wait);
    this.#lookIfGone();
  }

  #lookIfGone(): void {
    if (this.#isEnding && this.#leaving.size === 0 && this.#places.every(({ worker }) => worker === null)) {
      this.#resolveGone();
    }
  }
}

function notStarted({ message }: Error): string {
  return `could not be started (${message})`;
}
