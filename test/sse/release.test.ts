import { EventEmitter } from "node:events";
import { _get, RequestContext, Resource, Server } from "argania";
import { EventChannel, EventStream, type EventStreamSource } from "argania/sse";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { RawClient } from "../server/raw-client.ts";
import { MemoryLogger, serve } from "../server/serve.ts";
import { connectHttp2, serveEvents } from "./app.ts";
import { aborted, type Watched, watched } from "./watched-sources.ts";

describe.each(Object.entries(watched))("%s is released", (_, watch) => {
  test("when its client goes away", async () => {
    const { source, released } = watch();
    const site = await serveEvents(() => new EventStream(source()));
    const client = await site.connect();
    await client.until(/data:x/);
    client.close();
    await expect.poll(released).toBe(1);
    expect(site.logger.reports).toEqual([]);
  });

  test("when its client resets its stream on HTTP/2", async () => {
    const { source, released } = watch();
    const site = await serveEvents(() => new EventStream(source()), new Server().withHttp2());
    const { stream, received } = connectHttp2(site.port);
    await expect.poll(received).toBe("data:x\n\n");
    stream.close(8);
    await expect.poll(released).toBe(1);
    expect(site.logger.reports).toEqual([]);
  });

  test("when the reader of a fetch response cancels it", async () => {
    const { source, released } = watch();
    const root = new Resource("/").setHandlerFor(_get.to(() => new EventStream(source())));
    const { body } = await root.intoService().request("/");
    const reader = (body as ReadableStream<Uint8Array>).getReader();
    expect(new TextDecoder().decode((await reader.read()).value)).toBe("data:x\n\n");
    const pending = reader.read();
    await reader.cancel();
    expect((await pending).done).toBe(true);
    await expect.poll(released).toBe(1);
  });
});

describe("nobody reads what answers", () => {
  const names = ["a web stream", "an iterator that waits for ever", "events.on"];
  test.each(names)("HEAD: %s is released and not begun", async (name) => {
    const { source, released, begun } = (watched[name] as () => Watched)();
    const service = new Resource("/")
      .setHandlerFor(_get.to(() => new EventStream(source())))
      .intoService({ logger: new MemoryLogger() });
    const { port } = await serve(service);
    const client = await RawClient.connect(port);
    const received = await client.send("HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").all();
    expect(received).toMatch(/^HTTP\/1\.1 200 [\s\S]*text\/event-stream[\s\S]*\r\n\r\n$/);
    await expect.poll(released).toBe(1);
    expect((await service.request("/", { method: "HEAD" })).body).toBeNull();
    expect(begun()).toBe(name === "events.on");
  });

  test("HEAD: a callback is not called, and nobody joins a channel", async () => {
    const callback = vi.fn();
    const channel = new EventChannel();
    const root = new Resource("/").setHandlerFor(_get.to(() => new EventStream(callback)));
    root.subresource("/channel").setHandlerFor(_get.to(() => new EventStream(channel.subscribe())));
    const service = root.intoService();
    for (const path of ["/", "/channel"]) {
      expect((await service.request(path, { method: "HEAD" })).status).toBe(200);
    }
    expect([callback.mock.calls, channel.size]).toEqual([[], 0]);
  });

  test("a client that went away before its handler returned", async () => {
    const { source, released } = (watched["an iterator that waits for ever"] as () => Watched)();
    let isAsked = false;
    const root = new Resource("/").setHandlerFor(
      _get.to(async ({ signal }) => {
        isAsked = true;
        await aborted(signal);
        return new EventStream(source());
      }),
    );
    const { port } = await serve(root.intoService());
    const client = (await RawClient.connect(port)).get("/");
    await expect.poll(() => isAsked).toBe(true);
    client.close();
    await expect.poll(released).toBe(1);
  });
});

test("nothing is left of streams that have ended: no listener, no timer, no place in the drain", async () => {
  const intervals = new Set<unknown>();
  const [set, clear] = [globalThis.setInterval, globalThis.clearInterval];
  vi.spyOn(globalThis, "setInterval").mockImplementation(((...args: Parameters<typeof set>) => {
    const timer = set(...args);
    intervals.add(timer);
    return timer;
  }) as typeof set);
  vi.spyOn(globalThis, "clearInterval").mockImplementation(((timer: NodeJS.Timeout) => {
    intervals.delete(timer);
    clear(timer);
  }) as typeof clear);
  onTestFinished(() => void vi.restoreAllMocks());
  const emitter = new EventEmitter();
  const channel = new EventChannel();
  const signals: AbortSignal[] = [];
  let waiting = () => -1;
  const root = new Resource("/");
  const sources: EventStreamSource[] = [];
  root.setHandlerFor(
    _get.to((context) => {
      const notice = RequestContext.drainNoticeOf(context);
      waiting = () => notice?.listenerCount ?? -1;
      return new EventStream(sources.shift() ?? []);
    }),
  );
  const { port } = await serve(root.intoService());
  // That of the server.
  const before = intervals.size;
  const client = await RawClient.connect(port);
  const listeners = () =>
    client.socket.destroyed ? 0 : emitter.listenerCount("event") + emitter.listenerCount("error");
  for (let round = 1; round <= 5; round++) {
    sources.push(
      [{ data: "x" }],
      ({ send, close, signal }) => {
        signals.push(signal);
        send({ data: "x" }).then(close);
      },
      ({ send }) => void emitter.once("event", () => send({ data: "x" })),
      channel.subscribe({ first: { data: "x" } }),
    );
    for (let index = 0; index < 4; index++) {
      const one = await RawClient.connect(port);
      one.get("/", "Connection: close");
      if (index === 2) {
        await expect.poll(listeners).toBe(1);
        emitter.emit("event");
      }
      await one.until(/data:x/);
      one.close();
    }
  }
  await expect.poll(waiting).toBe(0);
  expect([channel.size, intervals.size, listeners()]).toEqual([0, before, 0]);
  expect(signals.map(({ aborted }) => aborted)).toEqual(Array(5).fill(true));
  client.close();
});
