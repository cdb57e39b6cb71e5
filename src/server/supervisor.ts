import type { Worker } from "node:cluster";
import { reportTo } from "../handler/logger.ts";
import type { BoundAddress, ListenAddress } from "./address.ts";
import { callName } from "./call-name.ts";
import { loadCluster } from "./node-modules.ts";
import { MOST_QUICK_ENDS, STEADY } from "./restart-policy.ts";
import { ServeError, ServerOptionError } from "./server-errors.ts";
import type { ServerSettings } from "./server-settings.ts";
import { KILL_DELAY, SupervisedServer } from "./supervised-server.ts";
import { WorkerGroup } from "./worker-group.ts";
import type { WorkerReport } from "./worker-messages.ts";

/** Looks after all servers of this process that have workers. They share these, since a worker runs the whole program. */
class Supervisor {
  readonly #servers = new Map<string, SupervisedServer>();
  #group: WorkerGroup | null = null;
  /** Reports about calls of `serve()` that this process has yet to make. */
  #early: { readonly worker: Worker; readonly report: WorkerReport }[] = [];
  readonly #serving = new WeakSet<Worker>();

  async serve(
    settings: ServerSettings,
    addresses: readonly ListenAddress[],
  ): Promise<{ server: SupervisedServer; address: BoundAddress }> {
    assertProgram();
    const count = this.#count();
    const server = this.#register(callName(addresses), settings);
    if (count !== undefined && count !== settings.workers) {
      const message = `All servers of a program share its workers: withWorkers(${count}) here, too, not ${settings.workers}.`;
      server.refuse(new ServeError([], message));
      throw new ServerOptionError(message);
    }
    const address = await server.reserve(addresses);
    // Workers that are ending serve nobody any more.
    await (this.#group?.isEnding ? this.#group.gone : undefined);
    const started = server.start(settings.workers);
    this.#start(settings.workers);
    await started;
    return { server, address };
  }

  /** How many workers there are, or will be for the servers that are about to start. */
  #count(): number | undefined {
    const found = [...this.#servers.values()].find(({ isReserving, isOpen }) => isReserving || isOpen);
    return found?.settings.workers ?? this.#group?.size;
  }

  #register(call: string, settings: ServerSettings): SupervisedServer {
    const workers = { release: () => this.#release(), kill: () => this.#group?.kill() };
    const server = new SupervisedServer(call, settings, workers);
    this.#servers.set(call, server);
    const early = this.#early.filter(({ report }) => report.call === call);
    this.#early = this.#early.filter((each) => !early.includes(each));
    for (const { worker, report } of early) {
      server.onReport(worker, report);
    }
    return server;
  }

  #start(count: number): void {
    if (this.#group === null) {
      const group = new WorkerGroup(count, {
        report: (worker, report) => this.#onReport(worker, report),
        ended: (worker, end, wait) => this.#onEnded(worker, end, wait),
      });
      this.#group = group;
      group.gone.then(() => {
        this.#group = null;
      });
      group.start();
    }
  }

  #openServers(): SupervisedServer[] {
    return [...this.#servers.values()].filter(({ isOpen }) => isOpen);
  }

  #onReport(worker: Worker, report: WorkerReport): void {
    const server = this.#servers.get(report.call);
    if (report.argania === "listening") {
      this.#serving.add(worker);
    }
    if (server === undefined) {
      this.#early.push({ worker, report });
    } else {
      server.onReport(worker, report);
    }
  }

  #onEnded(worker: Worker | null, end: string, wait: number | null): void {
    if (worker !== null) {
      this.#forget(worker);
    }
    if (this.#group?.isEnding !== false) {
      return;
    }
    const starting = this.#openServers().filter(({ isStarting }) => isStarting);
    for (const server of starting) {
      server.fail(new ServeError([], `${end} before the server had started. ${ADVICE}`));
    }
    const [first] = this.#openServers();
    if (first === undefined) {
      return;
    }
    if (wait === null) {
      this.#giveUp(first, end);
    } else {
      const message = `A worker ended, another one takes its place in ${wait} ms`;
      reportTo(first.settings.logger, { err: withoutTrace(new Error(end)) }, message);
    }
  }

  #forget(worker: Worker): void {
    this.#early = this.#early.filter((each) => each.worker !== worker);
    for (const server of this.#servers.values()) {
      server.onEnd(worker);
    }
  }

  #giveUp(first: SupervisedServer, end: string): void {
    const times = `${MOST_QUICK_ENDS} workers in a row that served for less than ${STEADY / 1_000} s`;
    const err = withoutTrace(new ServeError([], `${end}, the last of ${times}. ${ADVICE}`));
    reportTo(first.settings.logger, { err }, "Workers end again and again: the server closes");
    process.exitCode ||= 1;
    for (const server of this.#openServers()) {
      server.drain();
    }
  }

  async #release(): Promise<void> {
    if (this.#openServers().length === 0 && this.#group !== null) {
      const closing = [...this.#servers.values()].filter(({ isHeld }) => isHeld);
      const graceMs = Math.max(KILL_DELAY, ...closing.map((server) => server.graceMs));
      this.#group.end(graceMs, (worker) => this.#serving.has(worker));
      await this.#group.gone;
    }
  }
}

function assertProgram(): void {
  if ((loadCluster().settings.exec ?? process.argv[1]) === undefined) {
    throw new ServerOptionError(
      "Workers run the program of this process again, and this process has none: put it into a file.",
    );
  }
}

const ADVICE =
  "What it wrote to standard error says why; without workers, withWorkers(0), the error is that of the program itself.";

/** Where in the supervisor it was made tells nobody anything. */
function withoutTrace<T extends Error>(error: T): T {
  error.stack = `${error.name}: ${error.message}`;
  return error;
}

export const supervisor: Supervisor = /* @__PURE__ */ new Supervisor();
