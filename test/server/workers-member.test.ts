import { EventEmitter } from "node:events";
import { _get, Resource, ServeError, Server } from "argania";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { WorkerOrder, WorkerReport } from "../../src/server/worker-messages.ts";
import { replaceModule } from "./fake-cluster.ts";
import { isListening } from "./raw-client.ts";
import { MemoryLogger } from "./serve.ts";

// This process as a worker, with a channel that goes nowhere.

const service = new Resource("/").setHandlerFor(_get.to(() => "root")).intoService();
const reports: WorkerReport[] = [];
const worker = Object.assign(new EventEmitter(), { exitedAfterDisconnect: false, disconnect: vi.fn() });
const exit = vi.fn();
const isVitests = (listener: unknown) => others.has(listener);
const others = new Set<unknown>(process.listeners("message"));

function order(message: WorkerOrder): void {
  for (const listener of process.listeners("message").filter((each) => !isVitests(each))) {
    listener(message, undefined);
  }
}

beforeEach(() => {
  process.env.WORKER_OF_ARGANIA = "7";
  replaceModule("node:cluster", { isPrimary: false, isWorker: true, worker });
  const send = process.send?.bind(process) as (message: unknown) => boolean;
  vi.spyOn(process, "send").mockImplementation(((message: unknown, ...rest: unknown[]) => {
    if (typeof message !== "object" || message === null || !("argania" in message)) {
      return send(message);
    }
    reports.push(message as WorkerReport);
    (rest.at(-1) as () => void)();
    return true;
  }) as never);
  vi.spyOn(process, "exit").mockImplementation(exit as never);
});

afterEach(() => {
  vi.restoreAllMocks();
  reports.length = 0;
  worker.disconnect.mockReset();
  exit.mockReset();
});

let calls = 0;
function serve(server = new Server().withGracefulShutdown(600_000)) {
  const handle = server.withLogger(new MemoryLogger()).withWorkers(2).serve(service, "127.0.0.1:0");
  return { handle, call: `127.0.0.1:0#${++calls}` };
}

const free = { host: "127.0.0.1", port: 0, family: "IPv4" } as const;

test("asks where to listen, says that it does, drains when it is told to, and ends with its last server", async () => {
  const { handle, call } = serve();
  expect(reports).toEqual([{ argania: "ask", call }]);
  expect(process.env.WORKER_OF_ARGANIA).toBeUndefined();
  order({ argania: "listen", call, address: free });
  const { worker: number, url, closed } = await handle;
  expect(number).toBe(7);
  expect(await (await fetch(url)).text()).toBe("root");
  expect(reports.at(-1)).toEqual({ argania: "listening", call });
  order({ argania: "close", call, address: free });
  await closed;
  await expect.poll(() => reports.at(-1)).toEqual({ argania: "closed", call });
  expect(worker.disconnect).toHaveBeenCalledTimes(1);
});

test("told to close before it listens, it does so then", async () => {
  const { handle, call } = serve();
  order({ argania: "listen", call, address: free });
  order({ argania: "close", call, address: free });
  const { address, closed } = await handle;
  await closed;
  expect(await isListening(address.port)).toBe(false);
});

test("has the same error as the others where nothing is served", async () => {
  const { handle, call } = serve();
  const failures = [{ address: "127.0.0.1:1", message: "listen EACCES", code: "EACCES" }];
  order({ argania: "refuse", call, error: { message: "nowhere", failures } });
  const error = (await handle.catch((error) => error)) as ServeError;
  expect(error).toBeInstanceOf(ServeError);
  expect(error.message).toBe("nowhere");
  expect(error.failures).toMatchObject([{ address: "127.0.0.1:1", reason: { code: "EACCES" } }]);
});

test("has a closed handle where everything is over already", async () => {
  const { handle, call } = serve();
  order({ argania: "close", call, address: { ...free, port: 1 } });
  const { url, close, closed } = await handle;
  expect(url).toBe("http://127.0.0.1:1");
  await Promise.all([close(), closed]);
});

test("says why it could not listen", async () => {
  const { handle, call } = serve();
  order({ argania: "listen", call, address: { ...free, host: "203.0.113.1" } });
  order({ argania: "close", call, address: free });
  await expect(handle).rejects.toThrow(ServeError);
  expect(reports.at(-1)).toMatchObject({
    argania: "failed",
    error: { failures: [{ address: "203.0.113.1:0", code: "EADDRNOTAVAIL" }] },
  });
});

test("drains when nobody is left to tell it anything, and ends though something goes on", async () => {
  const { handle, call } = serve(new Server().withGracefulShutdown(0));
  order({ argania: "listen", call, address: free });
  const { closed } = await handle;
  worker.emit("disconnect");
  expect(worker.exitedAfterDisconnect).toBe(true);
  await closed;
  await expect.poll(() => exit.mock.calls).toEqual([[process.exitCode ?? 0]]);
});
