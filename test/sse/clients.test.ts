import { spawn } from "node:child_process";
import { _get, Resource, Server } from "argania";
import { EventChannel, EventStream, ServerEvent } from "argania/sse";
import { EventSource } from "eventsource";
import { fetch as undiciFetch } from "undici";
import { describe, expect, onTestFinished, test } from "vitest";
import { announceSkipped, curlVersion } from "../examples/find-program.ts";
import { serve } from "../server/serve.ts";
import { serveEvents } from "./app.ts";

const EVENTS = [
  new ServerEvent().withData("plain"),
  { event: "named", id: 1, data: { json: ["é", "🦜"] } },
  { id: "two", data: "several\nlines\r\n\r and  spaces " },
  { comment: "unseen" },
  { event: "empty" },
];

const SEEN = [
  ["message", "", "plain"],
  ["named", "1", '{"json":["é","🦜"]}'],
  ["message", "two", "several\nlines\n\n and  spaces "],
  // A browser says "two" here, as the standard has it; this client knows only the id of the event itself.
  ["empty", "", ""],
];

/** All that an EventSource is told. */
function collect(source: EventSource): unknown[] {
  const seen: unknown[] = [];
  for (const name of ["message", "named", "empty"]) {
    source.addEventListener(name, ({ type, lastEventId, data }) => seen.push([type, lastEventId, data]));
  }
  onTestFinished(() => source.close());
  return seen;
}

describe("EventSource", () => {
  test("sees events as they were sent", async () => {
    const channel = new EventChannel();
    const site = await serveEvents(() => new EventStream(channel.subscribe({ first: EVENTS })));
    const seen = collect(new EventSource(site.url));
    await expect.poll(() => seen).toEqual(SEEN);
  });

  test("is open before there is any event", async () => {
    const site = await serveEvents(() => new EventStream(() => {}));
    const source = new EventSource(site.url);
    onTestFinished(() => source.close());
    await expect.poll(() => source.readyState).toBe(EventSource.OPEN);
  });

  test("connects again with the id of its last event after the stream has failed, and misses nothing", async () => {
    const ids: (string | undefined)[] = [];
    const site = await serveEvents((id) => {
      ids.push(id);
      const next = Number(id ?? 0) + 1;
      return new EventStream(
        async function* () {
          yield { id: next, data: `event ${next}` };
          await new Promise((resolve) => setTimeout(resolve, 20));
          throw new Error("broken");
        },
        { retry: 10 },
      );
    });
    const seen = collect(new EventSource(site.url));
    await expect.poll(() => seen.length).toBeGreaterThanOrEqual(3);
    expect(seen.slice(0, 3)).toEqual([
      ["message", "1", "event 1"],
      ["message", "2", "event 2"],
      ["message", "3", "event 3"],
    ]);
    expect(ids.slice(0, 3)).toEqual([undefined, "1", "2"]);
  });

  test("turns to another server when its own drains", async () => {
    const [first, second] = [
      await serveEvents(() => new EventStream(() => {}, { retry: 10 })),
      await serveEvents(() => new EventStream([{ data: "from the second" }], { keepAlive: null })),
    ];
    let target = first.url;
    const source = new EventSource("http://argania.invalid/", {
      fetch: (_, init) => fetch(target, init as RequestInit) as never,
    });
    const seen = collect(source);
    await expect.poll(() => source.readyState).toBe(EventSource.OPEN);
    target = second.url;
    await first.close();
    await expect.poll(() => seen[0]).toEqual(["message", "", "from the second"]);
  });

  test("gives up when it is answered 204", async () => {
    let requests = 0;
    const root = new Resource("/").setHandlerFor(
      _get.to(() => (++requests === 1 ? new EventStream([{ data: "x" }], { retry: 10 }) : 204)),
    );
    const { url } = await serve(root.intoService());
    const source = new EventSource(url);
    await expect.poll(() => source.readyState).toBe(EventSource.CLOSED);
    expect(requests).toBe(2);
  });
});

test("undici streams events one by one", async () => {
  const site = await serveEvents(
    () =>
      new EventStream(async ({ send }) => {
        for (let number = 1; number <= 3; number++) {
          await send({ data: number });
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      }),
    new Server().withHttp2(),
  );
  const { body, headers } = await undiciFetch(site.url);
  const chunks: string[] = [];
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    chunks.push(Buffer.from(chunk).toString());
  }
  expect([headers.get("content-type"), chunks]).toEqual([
    "text/event-stream",
    ["data:1\n\n", "data:2\n\n", "data:3\n\n"],
  ]);
});

const hasCurl = curlVersion() !== "";
if (!hasCurl) {
  announceSkipped("the SSE tests with curl are", "there is no curl.");
}

test.skipIf(!hasCurl).each(["--http1.1", "--http1.0", "--http2-prior-knowledge"])(
  "curl -N %s shows events as they come",
  async (version) => {
    if (version.includes("http2") && !curlVersion().includes("HTTP2")) {
      return;
    }
    let close = (): void => {};
    const site = await serveEvents(
      () =>
        new EventStream((sink) => {
          sink.send({ data: "x" });
          close = sink.close;
        }),
      new Server().withHttp2(),
    );
    const curl = spawn("curl", ["-sN", version, site.url]);
    let output = "";
    curl.stdout.on("data", (chunk) => {
      output += chunk;
    });
    const exit = new Promise((resolve) => curl.once("close", resolve));
    await expect.poll(() => output).toBe("data:x\n\n");
    close();
    expect([await exit, output]).toEqual([0, "data:x\n\n"]);
  },
);
