import { loadCluster } from "./node-modules.ts";
import type { RunningServer } from "./running-server.ts";
import { EXIT_DELAY } from "./shutdown-signals.ts";
import { isOrder, type WorkerOrder, type WorkerReport } from "./worker-messages.ts";

/** A server of this worker. */
interface Serving {
  readonly server: RunningServer;
  readonly graceMs: number;
  /** Fulfilled when it listens. It cannot be closed before that. */
  readonly started: Promise<unknown>;
}

/** This process as a worker: what it asks and tells the one that started it, and what it is told. */
class WorkerMember {
  readonly #asked = new Map<string, (order: WorkerOrder) => void>();
  readonly #serving = new Map<string, Serving>();
  /** What is to be closed, perhaps before it is here: two orders may come at once. */
  readonly #closing = new Set<string>();
  #isWatching = false;

  /** Asks where to listen. */
  ask(call: string): Promise<WorkerOrder> {
    this.#watch();
    return new Promise((resolve) => {
      this.#asked.set(call, resolve);
      this.report({ argania: "ask", call });
    });
  }

  /** Closes the server on demand, and ends this worker with its last one. */
  add(call: string, serving: Serving): void {
    this.#serving.set(call, serving);
    serving.started.catch(() => this.#serving.delete(call));
    if (this.#closing.has(call)) {
      this.#drain(serving);
    }
    serving.server.closed.then(() => {
      this.#serving.delete(call);
      this.report({ argania: "closed", call });
      if (this.#serving.size === 0) {
        this.#leave(serving.graceMs);
      }
    });
  }

  report(report: WorkerReport): void {
    if (process.connected) {
      // Without anybody to tell it to, there is nothing to do about it.
      process.send?.(report, undefined, undefined, () => {});
    }
  }

  #watch(): void {
    if (!this.#isWatching) {
      this.#isWatching = true;
      process.on("message", (message: unknown) => {
        if (isOrder(message)) {
          this.#obey(message);
        }
      });
      loadCluster().worker?.once("disconnect", () => this.#onDisconnect());
    }
  }

  #obey(order: WorkerOrder): void {
    const { call } = order;
    const answer = this.#asked.get(call);
    if (answer !== undefined) {
      this.#asked.delete(call);
      answer(order);
    } else if (order.argania !== "listen") {
      this.#closing.add(call);
      this.#drain(this.#serving.get(call));
    }
  }

  #drain(serving: Serving | undefined): void {
    serving?.started.then(
      () => serving.server.drain(),
      () => {},
    );
  }

  /** Nothing is left to serve, and only the channel keeps the process alive: it ends, and so it does with other work. */
  #leave(graceMs: number): void {
    if (process.connected) {
      loadCluster().worker?.disconnect();
    }
    setTimeout(() => process.exit(process.exitCode ?? 0), graceMs + EXIT_DELAY).unref();
  }

  /** The process that started this one is gone, and with it what listens: requests under way are finished. */
  #onDisconnect(): void {
    const { worker } = loadCluster();
    if (worker === undefined || worker.exitedAfterDisconnect || this.#serving.size === 0) {
      return;
    }
    // Without this, Node ends the process at once.
    worker.exitedAfterDisconnect = true;
    for (const serving of this.#serving.values()) {
      this.#drain(serving);
    }
  }
}

export const workerMember: WorkerMember = /* @__PURE__ */ new WorkerMember();
