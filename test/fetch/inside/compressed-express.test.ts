import { _get, Resource, respond } from "argania";
import { EventStream } from "argania/sse";
import compression from "compression";
import express, { type RequestHandler } from "express";
import { expect, test } from "vitest";
import { listen } from "../serve.ts";

const CHUNKS = 50;
const LENGTH = 40_000;

async function* times<T>(value: T): AsyncGenerator<T> {
  for (let index = 0; index < CHUNKS; index++) {
    yield value;
  }
}

const TEXT = "x".repeat(LENGTH);

// `compression` hands listeners for "drain" on to a stream of its own, where off() and once() do not reach them.
test.each([
  ["a stream", () => respond({ "content-type": "text/plain" }, times(TEXT))],
  ["an event stream", () => new EventStream(times({ data: TEXT }))],
])(
  "below compression of Express, %s has one listener, however often it waits for its client",
  async (_, answer) => {
    const { nodeListener } = new Resource("/").setHandlerFor(_get.to(answer)).intoService();
    let waits = 0;
    let listeners = 0;
    const app = express();
    app.use(compression(), (_request, response, next) => {
      const { on, write } = response;
      response.on = function (this: typeof response, ...args: Parameters<typeof on>) {
        listeners += args[0] === "drain" ? 1 : 0;
        return Reflect.apply(on, this, args);
      } as typeof on;
      response.write = function (this: typeof response, ...args: unknown[]) {
        const takesMore = Reflect.apply(write, this, args) as boolean;
        waits += takesMore ? 0 : 1;
        return takesMore;
      } as typeof write;
      next();
    });
    app.use(nodeListener as unknown as RequestHandler);
    const response = await fetch(await listen(app));
    expect(response.headers.get("content-encoding")).toMatch(/gzip|br/);
    expect((await response.text()).length).toBeGreaterThanOrEqual(CHUNKS * LENGTH);
    expect(waits).toBeGreaterThan(10);
    expect(listeners).toBe(1);
  },
);

test("below compression of Express, each event is sent when it comes", async () => {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  async function* events(): AsyncGenerator<{ data: number }> {
    yield { data: 1 };
    await released;
    yield { data: 2 };
  }
  const { nodeListener } = new Resource("/")
    .setHandlerFor(_get.to(() => new EventStream(events())))
    .intoService();
  const app = express();
  app.use(compression());
  app.use(nodeListener as unknown as RequestHandler);
  const response = await fetch(await listen(app));
  expect(response.headers.get("content-encoding")).toMatch(/gzip|br/);
  let text = "";
  for await (const part of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += part;
    if (text.includes("1\n\n")) {
      release();
    }
  }
  expect(text).toMatch(/data: ?1\n\ndata: ?2\n\n$/);
});
