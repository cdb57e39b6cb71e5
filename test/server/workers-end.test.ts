import { describe, expect, test } from "vitest";
import { RawClient, statuses } from "./raw-client.ts";
import { answeringWorkers, startWorkers, untilReplaced, whoAnswers } from "./worker-app.ts";

describe("a worker that ends", () => {
  test("is replaced; what another one serves is not touched", async () => {
    const app = await startWorkers();
    const [port = 0] = await app.ports();
    const workers = await answeringWorkers(port, 2);
    const held = (await RawClient.connect(port)).get("/held");
    const [, serving] = (await app.until(/held by (\d);/)) as RegExpExecArray;
    const other = serving === "1" ? 2 : 1;
    const old = workers.get(other) as number;
    app.signal("SIGKILL", old);
    const next = await untilReplaced(port, other, old);
    expect(next).not.toBe(old);
    expect(app.output()).toContain(`Worker ${other} (process ${old}) was killed by SIGKILL`);
    app.release();
    expect(await held.until(/ whole$/)).toMatch(/^HTTP\/1\.1 200 /);
    expect((await answeringWorkers(port, 2)).get(Number(serving))).toBe(workers.get(Number(serving)));
    held.close();
  });

  test("through an exception that nobody catches is replaced, and reported with its exit code", async () => {
    const app = await startWorkers({ WORKERS: "1" });
    const [port = 0] = await app.ports();
    const old = (await answeringWorkers(port, 1)).get(1) as number;
    expect(await (await RawClient.connect(port)).get("/throw").all()).toBe("");
    await untilReplaced(port, 1, old);
    expect(app.output()).toContain("nobody catches this");
    expect(app.output()).toContain(`Worker 1 (process ${old}) ended with exit code 1`);
  });

  test("through a rejection that nobody handles is replaced, if such are left to Node", async () => {
    const app = await startWorkers({ WORKERS: "1", MODE: "crash" });
    const [port = 0] = await app.ports();
    const old = (await answeringWorkers(port, 1)).get(1) as number;
    (await RawClient.connect(port)).get("/orphan");
    await untilReplaced(port, 1, old);
    expect(app.output()).not.toContain("nobody handles it");
  });

  test("does not, through one that is logged", async () => {
    const app = await startWorkers({ WORKERS: "1" });
    const [port = 0] = await app.ports();
    const old = (await answeringWorkers(port, 1)).get(1) as number;
    await (await RawClient.connect(port)).get("/orphan", "Connection: close").all();
    await app.until(/nobody handles it: Error: nobody awaits this/);
    expect((await answeringWorkers(port, 1)).get(1)).toBe(old);
  });

  test("because it got SIGTERM has answered its request before, while another one takes new ones", async () => {
    const app = await startWorkers();
    const [port = 0] = await app.ports();
    const workers = await answeringWorkers(port, 2);
    const held = (await RawClient.connect(port)).get("/held");
    const [, number] = (await app.until(/held by (\d);/)) as RegExpExecArray;
    const old = workers.get(Number(number)) as number;
    app.signal("SIGTERM", old);
    // Whoever answers now is the other one, whose requests all are answered.
    const waiting = await Promise.all(Array.from({ length: 20 }, () => RawClient.connect(port)));
    const answers = await Promise.all(waiting.map((client) => client.get("/", "Connection: close").all()));
    expect(answers.flatMap(statuses)).toEqual(answers.map(() => 200));
    app.release();
    expect(await held.all()).toMatch(/Connection: close[\s\S]* whole$/);
    await untilReplaced(port, Number(number), old);
    expect(app.output()).toMatch(
      new RegExp(`Worker ${number} \\(process ${old}\\) (?:ended with exit code 0|serves no more)`),
    );
  });

  test("because it got SIGTERM is replaced although something keeps its process alive", async () => {
    const app = await startWorkers({ WORKERS: "1", MODE: "kept-alive", GRACE: "600000" });
    const [port = 0] = await app.ports();
    const old = (await answeringWorkers(port, 1)).get(1) as number;
    app.signal("SIGTERM", old);
    await untilReplaced(port, 1, old);
    expect(app.output()).toContain(`Worker 1 (process ${old}) serves no more`);
    // Only looks whether it is there.
    expect(process.kill(old, 0)).toBe(true);
  });
});

test("a connection that the last worker to listen did not take before its end is closed", async () => {
  const app = await startWorkers({ GRACE: "600000" });
  const [port = 0] = await app.ports();
  const workers = await answeringWorkers(port, 2);
  const held = (await RawClient.connect(port)).get("/held");
  const [, draining] = (await app.until(/held by (\d);/)) as RegExpExecArray;
  app.signal("SIGTERM", workers.get(Number(draining)));
  const last = draining === "1" ? 2 : 1;
  for (let inARow = 0; inARow < 10; inARow++) {
    inARow = (await whoAnswers(port)).number === last ? inARow : 0;
  }
  const pid = workers.get(last) as number;
  app.signal("SIGSTOP", pid);
  const waiting = (await RawClient.connect(port)).get("/");
  await new Promise((resolve) => setTimeout(resolve, 200));
  app.signal("SIGKILL", pid);
  await waiting.ended;
  waiting.close();
  await untilReplaced(port, last, pid);
  held.close();
});

describe("workers that do not get on their feet", () => {
  test("before they serve: serve() rejects, says how they ended, and leaves no process behind", async () => {
    const app = await startWorkers({ MODE: "dies-at-start" });
    expect((await app.exit).code).toBe(1);
    expect(app.output()).toMatch(
      /failed in primary: ARGANIA_SERVE \[\] Worker \d \(process \d+\) ended with exit code 7 before/,
    );
  });

  test("and end again and again: the server closes, and the program ends with 1", async () => {
    const app = await startWorkers({ MODE: "dies-soon", WORKERS: "1" });
    await app.ports();
    expect(await app.exit).toEqual({ code: 1, signal: null });
    expect(app.output().match(/another one takes its place/g)).toHaveLength(4);
    expect(app.output()).toMatch(
      /ServeError: Worker 1 \(process \d+\) ended with exit code 9, the last of 5 workers in a row/,
    );
    expect(app.output()).toContain("primary closed 1;");
  });
});
