import { describe, expect, test } from "vitest";
import { isListening, RawClient } from "./raw-client.ts";
import { startWorkers, type WorkerApp } from "./worker-app.ts";

/** Clients that every worker has to do with. */
interface Clients {
  /** Their requests are under way. */
  readonly held: readonly RawClient[];
  /** Their requests are answered: a connection that ends says that its worker has begun to drain. */
  readonly idle: readonly RawClient[];
}

async function connectAll(app: WorkerApp, port: number, count = 2): Promise<Clients> {
  const held: RawClient[] = [];
  const busy = () => new Set(app.output().match(/held by \d;/g));
  while (busy().size < count) {
    held.push((await RawClient.connect(port)).get("/held"));
    await app.until(new RegExp(`(?:held by \\d;[\\s\\S]*){${held.length}}`));
  }
  const idle: RawClient[] = [];
  const found = new Set<string>();
  while (found.size < count) {
    const client = (await RawClient.connect(port)).get("/");
    idle.push(client);
    const [worker] = /worker \d/.exec(await client.until(/worker \d+ process \d+;/)) ?? [];
    found.add(worker as string);
  }
  return { held, idle };
}

/** Not before that does a response say that its connection closes: a worker hears of it later than the port is free. */
async function untilAllDrain(port: number, { idle }: Clients): Promise<void> {
  await untilRefused(port);
  await Promise.all(idle.map((client) => client.all()));
}

async function untilRefused(port: number): Promise<void> {
  while (await isListening(port)) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function answered({ held }: Clients): Promise<void> {
  for (const client of held) {
    expect(await client.all()).toMatch(/^HTTP\/1\.1 200 [\s\S]*Connection: close[\s\S]* whole$/);
  }
}

describe("all workers drain, and the program ends with 0", () => {
  test.each([
    ["SIGTERM to the first process", "SIGTERM", undefined],
    ["SIGINT to all of them, as Ctrl-C sends it", "SIGINT", "group"],
    ["SIGTERM to all of them, as service managers send it", "SIGTERM", "group"],
  ] as const)("at %s", async (_, signal, to) => {
    const app = await startWorkers({ GRACE: "15000" });
    const [port = 0] = await app.ports();
    const clients = await connectAll(app, port);
    app.signal(signal, to);
    await untilAllDrain(port, clients);
    app.release();
    await answered(clients);
    expect(await app.exit).toEqual({ code: 0, signal: null });
    expect(app.output()).not.toContain("takes its place");
    for (const each of ["primary", "1", "2"]) {
      expect(app.output()).toContain(`${each} closed 1;`);
    }
  });

  test.each(["", "no-signals"])("at close() (%s)", async (MODE) => {
    const app = await startWorkers({ MODE });
    const [port = 0] = await app.ports();
    const clients = await connectAll(app, port);
    app.tell("close first");
    await untilAllDrain(port, clients);
    app.release();
    await answered(clients);
    expect(await app.exit).toEqual({ code: 0, signal: null });
  });

  test("those that something keeps alive are ended", async () => {
    const app = await startWorkers({ MODE: "kept-alive", GRACE: "100" });
    await app.ports();
    app.signal("SIGTERM");
    expect(await app.exit).toEqual({ code: 0, signal: null });
  });

  test("what does not settle is cut off after the grace period, and what blocks its worker is killed", async () => {
    const app = await startWorkers({ GRACE: "100", WORKERS: "2" });
    const [port = 0] = await app.ports();
    const { held } = await connectAll(app, port, 1);
    while (!/blocked \d;/.test(app.output())) {
      const blocking = (await RawClient.connect(port)).get("/block");
      await Promise.race([app.until(/blocked \d;/), blocking.ended]);
    }
    app.signal("SIGTERM");
    await Promise.all(held.map((client) => client.all()));
    expect(await app.exit).toEqual({ code: 0, signal: null });
  });
});

describe("at once", () => {
  test("a second signal ends all processes, with 1", async () => {
    const app = await startWorkers({ GRACE: "600000" });
    const [port = 0] = await app.ports();
    const { held } = await connectAll(app, port);
    app.signal("SIGTERM");
    await untilRefused(port);
    await new Promise((resolve) => setTimeout(resolve, 50));
    app.signal("SIGINT");
    expect(await app.exit).toEqual({ code: 1, signal: null });
    expect(await Promise.all(held.map((client) => client.all()))).toEqual(held.map(() => ""));
  });

  test("Ctrl-C twice, too", async () => {
    const app = await startWorkers({ GRACE: "600000" });
    const [port = 0] = await app.ports();
    await connectAll(app, port);
    app.signal("SIGINT", "group");
    await untilRefused(port);
    await new Promise((resolve) => setTimeout(resolve, 50));
    app.signal("SIGINT", "group");
    expect(await app.exit).toEqual({ code: 1, signal: null });
  });

  test("without withGracefulShutdown(), Ctrl-C does what it always does", async () => {
    const app = await startWorkers({ MODE: "no-signals" });
    await app.ports();
    app.signal("SIGINT", "group");
    expect(await app.exit).toEqual({ code: null, signal: "SIGINT" });
  });
});

test.each(["", "no-signals"])(
  "workers whose first process was killed finish their requests, and end (%s)",
  async (MODE) => {
    const app = await startWorkers({ MODE, GRACE: "600000" });
    const [port = 0] = await app.ports();
    const clients = await connectAll(app, port);
    app.signal("SIGKILL");
    await untilAllDrain(port, clients);
    app.release();
    await answered(clients);
    // Not before the last of them has closed standard output.
    expect(await app.exit).toEqual({ code: null, signal: "SIGKILL" });
  },
);
