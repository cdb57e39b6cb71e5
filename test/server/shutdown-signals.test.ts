import { _get, Resource, Server } from "argania";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Drainable, watchSignals } from "../../src/server/shutdown-signals.ts";
import { MemoryLogger } from "./serve.ts";

// What a process does with signals is tested on real processes in drain.test.ts; here, what happens inside.

class FakeServer implements Drainable {
  readonly closed: Promise<void> = Promise.resolve();
  readonly graceMs: number;
  readonly events: string[] = [];

  constructor(graceMs: number) {
    this.graceMs = graceMs;
  }

  drain(): void {
    this.events.push("drain");
  }

  destroy(): void {
    this.events.push("destroy");
  }
}

describe("signals", () => {
  const exit = vi.fn();
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    exit.mockReset();
    vi.spyOn(process, "exit").mockImplementation(exit as never);
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  test("the first drains all servers; the process is ended after the longest grace period", () => {
    const servers = [new FakeServer(1_000), new FakeServer(3_000)];
    const releases = servers.map(watchSignals);
    process.emit("SIGTERM", "SIGTERM");
    expect(servers.map(({ events }) => events)).toEqual([["drain"], ["drain"]]);
    vi.advanceTimersByTime(3_700);
    expect(exit).not.toHaveBeenCalled();
    vi.advanceTimersByTime(200);
    expect(exit).toHaveBeenCalledWith(process.exitCode ?? 0);
    for (const release of releases) {
      release();
    }
  });

  test("the second destroys all servers and exits with 1", () => {
    const server = new FakeServer(1_000);
    const release = watchSignals(server);
    process.emit("SIGINT", "SIGINT");
    vi.advanceTimersByTime(100);
    process.emit("SIGINT", "SIGINT");
    expect(server.events).toEqual(["drain", "destroy"]);
    expect(exit).toHaveBeenCalledWith(1);
    release();
  });

  test("one Ctrl-C that npm passes on again is one signal", () => {
    const server = new FakeServer(1_000);
    const release = watchSignals(server);
    process.emit("SIGINT", "SIGINT");
    vi.advanceTimersByTime(5);
    process.emit("SIGINT", "SIGINT");
    expect(server.events).toEqual(["drain"]);
    expect(exit).not.toHaveBeenCalled();
    release();
    vi.advanceTimersByTime(5_000);
  });

  test("handlers go with the last server, and a later server starts afresh", () => {
    const before = process.listenerCount("SIGTERM");
    const [first, second] = [watchSignals(new FakeServer(1)), watchSignals(new FakeServer(1))];
    expect(process.listenerCount("SIGTERM")).toBe(before + 1);
    first();
    expect(process.listenerCount("SIGTERM")).toBe(before + 1);
    second();
    expect(process.listenerCount("SIGTERM")).toBe(before);
    const later = new FakeServer(1);
    const release = watchSignals(later);
    process.emit("SIGTERM", "SIGTERM");
    expect(later.events).toEqual(["drain"]);
    release();
  });
});

describe("rejections that nobody handles", () => {
  const service = new Resource("/").setHandlerFor(_get.to(() => "root")).intoService();

  test("are logged once, however many servers there are", async () => {
    const loggers = [new MemoryLogger(), new MemoryLogger()];
    const handles = await Promise.all(
      loggers.map((logger) => new Server().withLogger(logger).serve(service, "127.0.0.1:0")),
    );
    const listener = process.listeners("unhandledRejection").at(-1);
    listener?.(new Error("orphan"), Promise.resolve());
    expect(loggers.flatMap(({ reports }) => reports)).toHaveLength(1);
    await Promise.all(handles.map(({ close }) => close()));
  });

  test("are left alone on demand", async () => {
    const before = process.listenerCount("unhandledRejection");
    const { close } = await new Server().withUnhandledRejections("crash").serve(service, "127.0.0.1:0");
    expect(process.listenerCount("unhandledRejection")).toBe(before);
    await close();
  });
});
