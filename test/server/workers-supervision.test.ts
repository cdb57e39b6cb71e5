import { availableParallelism } from "node:os";
import { _get, Resource, ServeError, Server, ServerOptionError } from "argania";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { RestartPolicy } from "../../src/server/restart-policy.ts";
import { checkedWorkers } from "../../src/server/worker-count.ts";
import { type FakeWorker, fakeCluster, replaceModule } from "./fake-cluster.ts";
import { MemoryLogger } from "./serve.ts";

// What processes do is tested on processes in workers*.test.ts; here, what cannot be brought about with them.

const service = new Resource("/").setHandlerFor(_get.to(() => "root")).intoService();
const address = "127.0.0.1:0";
let calls = 0;
let logger = new MemoryLogger();
const serve = (workers: number, server = new Server()) => {
  calls++;
  return server.withLogger(logger).withWorkers(workers).serve(service, address);
};
const call = () => `${address}#${calls}`;
const asks = (worker: FakeWorker) => worker.say({ argania: "ask", call: call() });

beforeEach(() => {
  logger = new MemoryLogger();
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

test.each([-1, 1.5, 513, Number.NaN, "2", "all", null, undefined])("%j is no number of workers", (value) => {
  expect(() => new Server().withWorkers(value as number)).toThrow(ServerOptionError);
});

test('"auto" is what Node may use; 0, 1 and 512 are numbers, too', () => {
  expect(checkedWorkers("auto")).toBe(availableParallelism());
  expect([0, 1, 512].map(checkedWorkers)).toEqual([0, 1, 512]);
});

test("0 is this process alone", async () => {
  const handle = await new Server().withWorkers(2).withWorkers(0).serve(service, address);
  expect(handle.worker).toBeNull();
  expect(await (await fetch(handle.url)).text()).toBe("root");
  await handle.close();
});

test("a worker of somebody else serves alone", async () => {
  replaceModule("node:cluster", { isPrimary: false, isWorker: true });
  const handle = await serve(2);
  expect(handle.worker).toBeNull();
  await handle.close();
  calls--;
});

describe("the restart policy", () => {
  test("waits longer each time, and gives up", () => {
    const policy = new RestartPolicy();
    expect([0, 0, 29_999, 0, 0].map((time) => policy.waitAfter(time))).toEqual([200, 400, 800, 1_600, null]);
  });

  test("starts afresh after a worker that served for long", () => {
    const policy = new RestartPolicy();
    expect([0, 0, 30_000, 0].map((time) => policy.waitAfter(time))).toEqual([200, 400, 100, 200]);
  });
});

describe("options", () => {
  test("of TLS that do not hold are found before there are workers", async () => {
    const workers = fakeCluster(asks);
    const tls = { key: "no key", cert: "no certificate" };
    await expect(new Server().withTls(tls).withWorkers(2).serve(service, address)).rejects.toThrow(
      ServerOptionError,
    );
    expect(workers).toEqual([]);
  });

  test("need a program that can be run again", async () => {
    replaceModule("node:cluster", { isPrimary: true, isWorker: false, settings: {} });
    const [, program] = process.argv;
    process.argv.splice(1, 1);
    try {
      await expect(new Server().withWorkers(2).serve(service, address)).rejects.toThrow(/put it into a file/);
    } finally {
      process.argv.splice(1, 0, program as string);
    }
  });
});

describe("starting", () => {
  test("tells the workers one after the other, and resolves when all of them listen", async () => {
    const workers = fakeCluster(asks);
    const handle = await serve(3, new Server().withGracefulShutdown(1_000));
    expect(workers.map(({ orders }) => orders)).toEqual(
      workers.map(() => [{ argania: "listen", call: call(), address: handle.address }]),
    );
    expect(handle.worker).toBeNull();
    expect(process.listeners("SIGTERM").some(({ name }) => name === "onSignal")).toBe(true);
    await handle.close();
    await handle.close();
    expect(workers.map(({ signals }) => signals)).toEqual([[], [], []]);
    expect(process.listeners("SIGTERM").some(({ name }) => name === "onSignal")).toBe(false);
  });

  test("fails with what a worker could not do, though it says so after its end", async () => {
    const workers = fakeCluster((worker, number) => {
      if (number === 1) {
        const failures = [{ address, message: "listen EACCES", code: "EACCES" }];
        worker.end(1, null, { argania: "failed", call: call(), error: { message: "no", failures } });
      }
    });
    const error = (await serve(2).catch((error) => error)) as ServeError;
    expect(error).toBeInstanceOf(ServeError);
    expect(error.failures).toMatchObject([{ address, reason: { code: "EACCES", message: "listen EACCES" } }]);
    expect(workers[1]?.signals).toEqual(["SIGTERM"]);
  });

  test("fails when a worker cannot be made", async () => {
    const workers = fakeCluster(
      (worker) => {
        const message = worker.process.pid === undefined ? "spawn EMFILE" : "a signal could not be sent";
        worker.emit("error", new Error(message));
      },
      (index) => (index === 0 ? undefined : 1_000),
    );
    await expect(serve(2)).rejects.toThrow(/^Worker 1 could not be started \(spawn EMFILE\) before/);
    expect(workers[1]?.signals).toEqual(["SIGTERM"]);
  });

  test("fails when the system refuses one at once, and tries no other", async () => {
    const workers = fakeCluster(asks, () => {
      throw new Error("spawn ENOMEM");
    });
    await expect(serve(2)).rejects.toThrow(/^Worker 1 could not be started \(spawn ENOMEM\) before/);
    expect(workers).toEqual([]);
  });

  test("what one does not know yet is asked later", async () => {
    const workers = fakeCluster((worker) => {
      worker.say({ argania: "ask", call: `${address}#${calls + 1}` });
      asks(worker);
    });
    const [first] = [await serve(1)];
    const second = await serve(1);
    expect(workers).toHaveLength(1);
    expect(workers[0]?.orders.map(({ argania }) => argania)).toEqual(["listen", "listen"]);
    await Promise.all([first?.close(), second.close()]);
  });

  test("again after everything was closed takes new workers, which the closed one tells so", async () => {
    const workers = fakeCluster(asks);
    await (await serve(1)).close();
    const closed = call();
    const handle = await serve(2);
    expect(workers).toHaveLength(3);
    workers[1]?.say({ argania: "ask", call: closed });
    expect(workers[1]?.orders.at(-1)).toMatchObject({ argania: "close", call: closed });
    await handle.close();
  });

  test("a port that is taken is found before there are workers, one that is free is told to them", async () => {
    const taken = await new Server().serve(service, address);
    const { host, port } = taken.address;
    const workers = fakeCluster(asks);
    const fixed = `${host}:${port}`;
    await expect(new Server().withWorkers(2).serve(service, fixed)).rejects.toMatchObject({
      failures: [{ address: fixed, reason: { code: "EADDRINUSE" } }],
    });
    expect(workers).toEqual([]);
    await taken.close();
    vi.restoreAllMocks();
    const [worker] = [fakeCluster((worker) => worker.say({ argania: "ask", call: `${fixed}#2` }))];
    const handle = await new Server()
      .withUnhandledRejections("crash")
      .withWorkers(1)
      .serve(service, { host, port });
    expect(handle.address).toEqual(taken.address);
    worker[0]?.say({ argania: "ask", call: `${fixed}#1` });
    expect(worker[0]?.orders.at(-1)).toMatchObject({
      argania: "refuse",
      error: { failures: [{ address: fixed }] },
    });
    await handle.close();
  });

  test("with another number of workers than another server of the program is refused", async () => {
    const workers = fakeCluster(asks);
    const first = await serve(1);
    await expect(serve(2)).rejects.toThrow(/withWorkers\(1\) here, too, not 2\./);
    const refused = call();
    workers[0]?.say({ argania: "ask", call: refused });
    expect(workers[0]?.orders.at(-1)).toMatchObject({ argania: "refuse", call: refused });
    await first.close();
  });

  test("with another number in the same turn is refused, too", async () => {
    const workers = fakeCluster((worker) => {
      worker.say({ argania: "ask", call: `${address}#${calls - 1}` });
      asks(worker);
    });
    const [first, second] = [serve(1), serve(2)];
    await expect(second).rejects.toThrow(/withWorkers\(1\) here, too, not 2\./);
    await (await first).close();
    expect(workers).toHaveLength(1);
    expect(workers[0]?.orders[0]).toMatchObject({ argania: "refuse", call: call() });
  });

  test("a second server whose worker ends fails alone, and the first goes on with the next worker", async () => {
    const names: string[] = [];
    const workers = fakeCluster((worker) => {
      worker.say({ argania: "ask", call: names[0] ?? call() });
    });
    const first = await serve(1);
    names.push(call());
    const second = serve(1);
    const outcome = second.catch((error) => error);
    await new Promise((resolve) => setTimeout(resolve, 20));
    workers[0]?.end(4, null);
    expect(await outcome).toBeInstanceOf(ServeError);
    await expect.poll(() => workers[1]?.orders.map(({ argania }) => argania)).toEqual(["listen"]);
    await first.close();
  });
});

describe("serving", () => {
  test("a worker that can no longer listen is reported and replaced; other messages are not ours", async () => {
    const workers = fakeCluster(asks);
    const handle = await serve(1);
    workers[0]?.emit("message", { argania: "something else", call: call() });
    workers[0]?.emit("message", "something else");
    const error = { message: "no", failures: [{ address, message: "gone" }] };
    workers[0]?.say({ argania: "failed", call: call(), error });
    await expect.poll(() => workers.length).toBe(2);
    expect(logger.reports.map(({ message }) => message)).toEqual([
      "A worker could not listen, and is started again",
      "A worker ended, another one takes its place in 200 ms",
    ]);
    await expect.poll(() => workers[1]?.orders.length).toBe(1);
    await handle.close();
  });

  test("a worker that serves no more and does not end is replaced, and ended with the others", async () => {
    const workers = fakeCluster(asks);
    const handle = await serve(1, new Server().withGracefulShutdown(10));
    workers[0]?.say({ argania: "closed", call: call() });
    workers[0]?.leave();
    await expect.poll(() => workers[1]?.orders.map(({ argania }) => argania)).toEqual(["listen"]);
    expect(logger.reports.map(({ err }) => (err as Error).message)).toEqual([
      "Worker 1 (process 1000) serves no more",
    ]);
    await handle.close();
    expect(workers.map(({ signals }) => signals)).toEqual([["SIGKILL"], []]);
  });

  test("goes on when the next worker cannot be made at first", async () => {
    const workers = fakeCluster(
      (worker) => {
        if (worker.process.pid === undefined) {
          worker.emit("error", new Error("spawn EMFILE"));
        } else {
          asks(worker);
        }
      },
      (index) => {
        if (index === 2) {
          throw new Error("spawn ENOMEM");
        }
        return index === 1 ? undefined : 1_000;
      },
    );
    const handle = await serve(1);
    workers[0]?.end(1, null);
    await expect
      .poll(() => workers[2]?.orders.map(({ argania }) => argania), { timeout: 5_000 })
      .toEqual(["listen"]);
    expect(logger.reports.map(({ err }) => (err as Error).message)).toEqual([
      "Worker 1 (process 1000) ended with exit code 1",
      "Worker 1 could not be started (spawn EMFILE)",
      "Worker 1 could not be started (spawn ENOMEM)",
    ]);
    await handle.close();
  });

  test("gives up on workers that end again and again", async () => {
    const before = process.exitCode;
    const workers = fakeCluster((worker) => {
      asks(worker);
      setTimeout(() => worker.end(3, null), 1);
    });
    const handle = await serve(1);
    await handle.closed;
    expect(process.exitCode).toBe(1);
    process.exitCode = before;
    expect(workers).toHaveLength(5);
    expect(logger.reports.at(-1)?.err).toMatchObject({ code: "ARGANIA_SERVE" });
  });
});

describe("ending", () => {
  test("kills what is left after the grace period", async () => {
    const workers = fakeCluster(asks);
    const handle = await serve(2, new Server().withGracefulShutdown(10));
    (workers[0] as FakeWorker).isStubborn = true;
    await handle.close();
    expect(workers[0]?.signals).toEqual(["SIGKILL"]);
  });

  test("at a second signal kills all of them", async () => {
    const workers = fakeCluster(asks);
    const exit = vi.spyOn(process, "exit").mockImplementation(() => undefined as never);
    const handle = await serve(2, new Server().withGracefulShutdown(600_000));
    for (const worker of workers) {
      worker.isStubborn = true;
    }
    process.emit("SIGTERM", "SIGTERM");
    process.emit("SIGTERM", "SIGTERM");
    expect(exit).toHaveBeenCalledWith(1);
    expect(workers.map(({ signals }) => signals)).toEqual([["SIGKILL"], ["SIGKILL"]]);
    await handle.closed;
  });
});
