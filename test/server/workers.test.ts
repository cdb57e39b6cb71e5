import { once } from "node:events";
import { connect as connectHttp2 } from "node:http2";
import { type AddressInfo, createServer, type Server as NetServer } from "node:net";
import { connect as connectTls } from "node:tls";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { isListening, RawClient } from "./raw-client.ts";
import { answeringWorkers, startWorkers, untilReplaced, whoAnswers } from "./worker-app.ts";

const address = "127.0.0.1";

describe("withWorkers", () => {
  test.each([
    ["ESM", "esm"],
    ["CommonJS", "cjs"],
  ] as const)(
    "%s: all workers serve on the port that the first process tells, with its options",
    async (_, format) => {
      const execArgv = ["--import", "data:text/javascript,globalThis.preloaded=true"];
      const app = await startWorkers({ WORKERS: "3" }, { format, execArgv, args: ["--own"] });
      const [port = 0] = await app.ports();
      expect(app.output()).toContain(`http://127.0.0.1:${port};`);
      const workers = await answeringWorkers(port, 3);
      expect([...workers.keys()].sort()).toEqual([1, 2, 3]);
      expect(new Set(workers.values()).size).toBe(3);
      const answer = await (await RawClient.connect(port)).get("/arguments", "Connection: close").all();
      expect(JSON.parse(answer.slice(answer.indexOf("{")))).toEqual({
        preloaded: true,
        execArgv,
        argv: ["--own"],
      });
      app.signal("SIGTERM");
      expect(await app.exit).toEqual({ code: 0, signal: null });
      expect(app.output()).toMatch(/primary closed 1;\s*listeners 0;/);
    },
  );
});

describe("the address", () => {
  async function takePort(): Promise<{ port: number; server: NetServer }> {
    const server = createServer().listen(0, address);
    onTestFinished(() => void server.close());
    await once(server, "listening");
    return { port: (server.address() as AddressInfo).port, server };
  }

  test("that is taken is an error of the first process, which starts no workers", async () => {
    const { port } = await takePort();
    const app = await startWorkers({ ADDRESS: `${address}:${port}` });
    expect((await app.exit).code).toBe(1);
    expect(app.output()).toContain("failed in primary: ARGANIA_SERVE [EADDRINUSE]");
    expect(app.output()).toContain(`${address}:${port}: listen EADDRINUSE`);
    expect(app.output()).not.toContain("worker");
  });

  test("is the first that can be bound, for all workers and those that come later, and free until they serve", async () => {
    const taken = await takePort();
    const free = await takePort();
    free.server.close();
    await once(free.server, "close");
    const app = await startWorkers({ ADDRESS: `${address}:${taken.port},${address}:${free.port}` });
    expect(await app.ports()).toEqual([free.port]);
    taken.server.close();
    const workers = await answeringWorkers(free.port, 2);
    app.signal("SIGKILL", workers.get(1));
    await untilReplaced(free.port, 1, workers.get(1) as number);
    expect(app.output()).not.toContain(`serves ${taken.port}`);
  });

  test("that is taken may be caught in all processes, which then choose another one", async () => {
    const { port } = await takePort();
    const app = await startWorkers({ ADDRESS: `${address}:${port}`, MODE: "second-choice" });
    const [other = 0] = await app.ports();
    await answeringWorkers(other, 2);
    expect(app.output().match(/first choice: ARGANIA_SERVE;/g)).toHaveLength(3);
  });

  test("with port 0 stays the same when no worker is left for a moment", async () => {
    const app = await startWorkers({ WORKERS: "1" });
    const [port = 0] = await app.ports();
    const { pid } = await whoAnswers(port);
    app.signal("SIGKILL", pid);
    expect(await untilReplaced(port, 1, pid)).not.toBe(pid);
  });
});

describe("several servers", () => {
  test("share the workers, and close one by one", async () => {
    const app = await startWorkers({ MODE: "two" });
    const [first = 0, second = 0] = await app.ports();
    expect(second).not.toBe(first);
    const workers = await answeringWorkers(first, 2);
    expect(await answeringWorkers(second, 2)).toEqual(workers);
    expect(app.output()).toContain("withWorkers(2) here, too, not 3.");
    app.tell("close second");
    await app.until(/primary closed 2;/);
    expect(await isListening(second)).toBe(false);
    // Replaced, a worker finds that this one is closed.
    app.signal("SIGKILL", workers.get(1));
    await untilReplaced(first, 1, workers.get(1) as number);
    expect(await isListening(second)).toBe(false);
    app.tell("close first");
    expect(await app.exit).toEqual({ code: 0, signal: null });
  });
});

describe("other protocols", () => {
  test("TLS and HTTP/2 reach all workers, and a TLS session of one is resumed by another", async () => {
    const fixtures = fileURLToPath(new URL("../fixtures/tls", import.meta.url));
    const app = await startWorkers({ TLS: fixtures });
    const [port = 0] = await app.ports();
    const numbers = new Set<string>();
    const resumed: boolean[] = [];
    let session: Buffer | undefined;
    while (numbers.size < 2 || resumed.length < 4) {
      const socket = connectTls({ port, host: address, rejectUnauthorized: false, session });
      socket.once("secureConnect", () => resumed.push(socket.isSessionReused()));
      socket.once("session", (ticket) => {
        session = ticket;
      });
      const client = new RawClient(socket);
      numbers.add(/worker \d/.exec(await client.get("/", "Connection: close").all())?.[0] ?? "none");
    }
    expect(resumed).toEqual([false, ...resumed.slice(1).map(() => true)]);
    const found = new Set<string>();
    while (found.size < 2) {
      found.add(await http2Answer(port));
    }
    expect([...found].sort()).toEqual(["worker 1", "worker 2"]);
    app.signal("SIGTERM");
    expect((await app.exit).code).toBe(0);
  });

  async function http2Answer(port: number): Promise<string> {
    const session = connectHttp2(`https://${address}:${port}`, { rejectUnauthorized: false });
    let body = "";
    for await (const chunk of session.request({ ":path": "/" })) {
      body += chunk;
    }
    session.close();
    return /^worker \d/.exec(body)?.[0] ?? body;
  }
});
