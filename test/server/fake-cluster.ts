import type { Worker } from "node:cluster";
import { EventEmitter } from "node:events";
import { vi } from "vitest";
import type { WorkerOrder, WorkerReport } from "../../src/server/worker-messages.ts";

/** A worker without a process. It does what it is told, unless a test says otherwise. */
export class FakeWorker extends EventEmitter {
  readonly orders: WorkerOrder[] = [];
  readonly signals: string[] = [];
  readonly process: EventEmitter & { pid: number | undefined; kill(signal: string): void; send: unknown };
  isStubborn = false;
  #isConnected = true;

  constructor(pid: number | undefined) {
    super();
    const kill = (signal: string) => {
      this.signals.push(signal);
      if (!this.isStubborn || signal === "SIGKILL") {
        this.end(null, signal);
      }
    };
    // As Node has it: without a process there may be no channel either.
    const send = pid === undefined ? undefined : () => true;
    this.process = Object.assign(new EventEmitter(), { pid, kill, send });
  }

  say(report: WorkerReport): void {
    this.emit("message", report);
  }

  isConnected(): boolean {
    return this.#isConnected;
  }

  send(order: WorkerOrder): void {
    this.orders.push(order);
    const { call } = order;
    queueMicrotask(() => {
      if (order.argania === "listen") {
        this.say({ argania: "listening", call });
      } else if (order.argania === "close" && !this.isStubborn) {
        this.say({ argania: "closed", call });
        this.end(0, null);
      }
    });
  }

  /** It goes off the channel, and its process goes on. */
  leave(): void {
    this.#isConnected = false;
    this.emit("disconnect");
  }

  /** It ends; its last messages come after that. */
  end(code: number | null, signal: string | null, lastWords?: WorkerReport): void {
    queueMicrotask(() => {
      this.emit("exit", code, signal);
      if (lastWords !== undefined) {
        this.say(lastWords);
      }
      if (this.#isConnected) {
        this.leave();
      }
    });
  }
}

/**
 * Puts `node:cluster` aside.
 *
 * @param onFork says what a worker does first
 * @param pidOf the process of the worker made next, `undefined` if none comes of it; throws what `fork` is to throw
 */
export function fakeCluster(
  onFork: (worker: FakeWorker, number: number) => void,
  pidOf: (index: number) => number | undefined = (index) => 1_000 + index,
): FakeWorker[] {
  const workers: FakeWorker[] = [];
  let forks = 0;
  const fork = (env: Record<string, string>): Worker => {
    const worker = new FakeWorker(pidOf(forks++));
    workers.push(worker);
    queueMicrotask(() => onFork(worker, Number(env.WORKER_OF_ARGANIA)));
    return worker as unknown as Worker;
  };
  replaceModule("node:cluster", { isPrimary: true, isWorker: false, settings: { exec: "app.js" }, fork });
  return workers;
}

export function replaceModule(name: string, replacement: object): void {
  const original = process.getBuiltinModule.bind(process);
  vi.spyOn(process, "getBuiltinModule").mockImplementation(((id: string) =>
    id === name ? replacement : original(id)) as never);
}
