import { connect as connectHttp2 } from "node:http2";
import { describe, expect, test } from "vitest";
import { type RunningApp, runApp } from "../support/run-app.ts";
import { isListening, RawClient, statuses } from "./raw-client.ts";

const site = new URL("./apps/site.ts", import.meta.url);

async function start(env: Record<string, string> = {}): Promise<{ app: RunningApp; ports: number[] }> {
  const app = await runApp(site, env);
  const [, list = ""] = await app.until(/ports ([\d ]+);/);
  return { app, ports: list.split(" ").map(Number) };
}

async function untilRefused(port: number): Promise<void> {
  while (await isListening(port)) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe("drain", () => {
  test("S01: 200 requests in flight at SIGTERM are all answered, and the process ends with 0", async () => {
    const { app, ports } = await start({ GRACE: "15000" });
    const port = ports[0] as number;
    const clients = await Promise.all(Array.from({ length: 200 }, () => RawClient.connect(port)));
    for (const client of clients) {
      await client.get("/").until(/root$/);
      client.get("/held");
    }
    await app.until(/held 200/);
    app.process.kill("SIGTERM");
    await untilRefused(port);
    app.tell("release");
    for (const client of clients) {
      const received = await client.all();
      expect(statuses(received)).toEqual([200, 200]);
      expect(received.match(/Connection: [\w-]+/g)).toEqual(["Connection: keep-alive", "Connection: close"]);
      expect(received).toMatch(/ whole$/);
    }
    expect(await app.exit).toEqual({ code: 0, signal: null });
    expect(app.output()).toMatch(/closed\n[\s\S]*listeners 0/);
  });

  test("S07: a request on a kept connection that crosses the signal is answered with Connection: close", async () => {
    const { app, ports } = await start();
    const client = await RawClient.connect(ports[0] as number);
    await client.get("/").until(/root$/);
    app.process.kill("SIGINT");
    await untilRefused(ports[0] as number);
    const received = await client.get("/").all();
    expect(statuses(received)).toEqual([200, 200]);
    expect(received).toMatch(/Connection: close\r\n[\s\S]*root$/);
    expect((await app.exit).code).toBe(0);
  });

  test("a request behind one in flight: both are answered, the last closes", async () => {
    const { app, ports } = await start();
    const client = await RawClient.connect(ports[0] as number);
    client.get("/held");
    await app.until(/held 1/);
    app.process.kill("SIGTERM");
    await untilRefused(ports[0] as number);
    client.get("/held").get("/");
    await app.until(/held 2/);
    app.tell("release");
    const received = await client.all();
    expect(statuses(received)).toEqual([200, 200, 200]);
    expect(received.match(/Connection: [\w-]+/g)).toEqual([
      "Connection: keep-alive",
      "Connection: keep-alive",
      "Connection: close",
    ]);
    expect((await app.exit).code).toBe(0);
  });

  test("idle connections, used or not, get FIN while a request is still in flight", async () => {
    const { app, ports } = await start();
    const port = ports[0] as number;
    const [used, unused, busy] = await Promise.all([1, 2, 3].map(() => RawClient.connect(port)));
    await used?.get("/").until(/root$/);
    busy?.get("/held");
    await app.until(/held 1/);
    app.process.kill("SIGTERM");
    expect(await used?.ended).toBeNull();
    expect(await unused?.ended).toBeNull();
    expect(busy?.received).toBe("");
    app.tell("release");
    expect(await busy?.all()).toMatch(/Connection: close[\s\S]* whole$/);
    // The two that keep their own side open do not hold the process.
    expect((await app.exit).code).toBe(0);
  });

  test("the beginning of a request is waited for", async () => {
    const { app, ports } = await start();
    const client = await RawClient.connect(ports[0] as number);
    const other = await RawClient.connect(ports[0] as number);
    app.process.kill("SIGTERM");
    await untilRefused(ports[0] as number);
    client.send("GET / HTTP/1.1\r\nHo");
    await other.ended;
    client.send("st: localhost\r\n\r\n");
    expect(await client.all()).toMatch(/Connection: close\r\n[\s\S]*root$/);
    expect((await app.exit).code).toBe(0);
  });

  test("S03: endless streams end with the grace period: generators return, signals abort, the process ends", async () => {
    const { app, ports } = await start({ GRACE: "600" });
    const clients = await Promise.all(
      Array.from({ length: 20 }, () => RawClient.connect(ports[0] as number)),
    );
    await Promise.all(clients.map((client) => client.get("/events").until(/tick/)));
    app.process.kill("SIGTERM");
    for (const client of clients) {
      await client.ended;
      // Cut off, it must not look whole.
      expect(client.received.endsWith("0\r\n\r\n")).toBe(false);
    }
    expect((await app.exit).code).toBe(0);
    expect(app.output().match(/^returned$/gm)).toHaveLength(20);
    expect(app.output().match(/^stream aborted$/gm)).toHaveLength(20);
  });

  test("what does not settle is cut off after the grace period", async () => {
    const { app, ports } = await start({ GRACE: "300" });
    const client = await RawClient.connect(ports[0] as number);
    client.get("/held");
    await app.until(/held 1/);
    app.process.kill("SIGTERM");
    expect(await client.all()).toBe("");
    expect((await app.exit).code).toBe(0);
    expect(app.output()).toContain("aborted");
  });

  test.each(["SIGTERM", "SIGINT"] as const)(
    "S05: a second %s ends everything at once with 1",
    async (signal) => {
      const { app, ports } = await start({ GRACE: "600000" });
      const client = await RawClient.connect(ports[0] as number);
      client.get("/held");
      await app.until(/held 1/);
      app.process.kill("SIGTERM");
      await untilRefused(ports[0] as number);
      await new Promise((resolve) => setTimeout(resolve, 50));
      app.process.kill(signal);
      expect(await app.exit).toEqual({ code: 1, signal: null });
      expect(await client.all()).toBe("");
    },
  );

  test.each([
    ["kept-alive", 0],
    ["exit-code", 3],
  ])("a program that something keeps alive is ended (%s: %d)", async (mode, code) => {
    const { app } = await start({ MODE: mode, GRACE: "200" });
    app.process.kill("SIGTERM");
    await app.until(/closed/);
    expect(await app.exit).toEqual({ code, signal: null });
  });

  test("several servers: all drain on one signal, and the process waits for the last", async () => {
    const { app, ports } = await start({ MODE: "two" });
    const [first, second] = await Promise.all(ports.map((port) => RawClient.connect(port)));
    await second?.get("/").until(/two$/);
    first?.get("/held");
    await app.until(/held 1/);
    app.process.kill("SIGTERM");
    await Promise.all(ports.map(untilRefused));
    expect(await second?.ended).toBeNull();
    second?.close();
    app.tell("release");
    expect(await first?.all()).toMatch(/ whole$/);
    expect((await app.exit).code).toBe(0);
  });

  test("close() without signals: the process ends by itself", async () => {
    const { app, ports } = await start({ MODE: "no-signals" });
    const client = await RawClient.connect(ports[0] as number);
    await client.get("/").until(/root$/);
    app.process.stdin?.end("close\n");
    expect(await app.exit).toEqual({ code: 0, signal: null });
    client.close();
  });

  test("without withGracefulShutdown() a signal does what it always does", async () => {
    const { app } = await start({ MODE: "no-signals" });
    app.process.kill("SIGTERM");
    expect(await app.exit).toEqual({ code: null, signal: "SIGTERM" });
  });

  test("HTTP/2: streams in flight finish, the session is told to go away", async () => {
    const { app, ports } = await start({ HTTP2: "1" });
    const session = connectHttp2(`http://127.0.0.1:${ports[0]}`);
    session.on("error", () => {});
    const idle = connectHttp2(`http://127.0.0.1:${ports[0]}`);
    const idleClosed = new Promise((resolve) => idle.once("close", resolve));
    const stream = session.request({ ":path": "/held" });
    await app.until(/held 1/);
    app.process.kill("SIGTERM");
    const code = await new Promise((resolve) => session.once("goaway", resolve));
    expect(code).toBe(0);
    await idleClosed;
    app.tell("release");
    let body = "";
    for await (const chunk of stream) {
      body += chunk;
    }
    expect(body).toMatch(/ whole$/);
    expect(stream.rstCode).toBe(0);
    expect((await app.exit).code).toBe(0);
  });
});

describe("rejections that nobody handles", () => {
  test("are logged, and the server goes on", async () => {
    const { app, ports } = await start();
    const client = await RawClient.connect(ports[0] as number);
    await client.get("/orphan").until(/orphan$/);
    await app.until(/nobody handles it: Error: nobody awaits this/);
    expect(await client.get("/").until(/root$/)).toContain("root");
    client.close();
    app.process.kill("SIGTERM");
    expect((await app.exit).code).toBe(0);
  });

  test("are left to Node on demand", async () => {
    const { app, ports } = await start({ MODE: "crash" });
    const client = await RawClient.connect(ports[0] as number);
    client.get("/orphan");
    expect((await app.exit).code).toBe(1);
    client.close();
  });
});
