import { once } from "node:events";
import { connect } from "node:net";
import {
  _get,
  _requestReceiver,
  type Handler,
  jsonStream,
  type LightResponse,
  RequestSignals,
  RequestSignalsLayer,
  Resource,
  ResponseError,
  text,
  withTrailers,
} from "argania";
import { EventStream } from "argania/sse";
import { StaticFiles } from "argania/static";
import { describe, expect, it } from "vitest";
import { rawRequest, sendRaw, withServer } from "../support/raw-http.ts";

function serve(handle: Handler) {
  const signals = new RequestSignals();
  const events: unknown[] = [];
  signals.requestException.connect(({ error, status }) => void events.push([String(error), status]));
  signals.requestFinished.connect(({ status }) => void events.push(status));
  const root = new Resource("/").setHandlerFor(_get.to(handle));
  root.addLayerTo(_requestReceiver(new RequestSignalsLayer(signals)));
  root.addSubresource(new StaticFiles("/files", import.meta.dirname).intoResource());
  return { signals, events, service: root.intoService({ logger: { error() {} } }) };
}

async function* chunksOf(...chunks: unknown[]): AsyncGenerator<string> {
  for (const chunk of chunks) {
    await new Promise((resolve) => setImmediate(resolve));
    if (chunk instanceof Error) {
      throw chunk;
    }
    yield chunk as string;
  }
}

describe("the signals of a stream that fails before its first chunk", () => {
  const cases: [string, Handler, number, unknown[]][] = [
    ["an error", () => chunksOf(new Error("x")), 500, [["Error: x", undefined], 500]],
    ["a 4xx", () => chunksOf(new ResponseError(404)), 404, [404]],
    ["a 5xx", () => chunksOf(new ResponseError(503, "x")), 503, [["ResponseError: x", 503], 503]],
    ["JSON", () => jsonStream(chunksOf(new Error("x"))), 500, [["Error: x", undefined], 500]],
    [
      "trailers",
      () => withTrailers(chunksOf(new Error("x")), { "x-sum": "1" }),
      500,
      [["Error: x", undefined], 500],
    ],
    [
      "a response that was sent before",
      () => used(),
      500,
      [[expect.stringContaining("read already"), undefined], 500],
    ],
    ["no chunk", () => chunksOf(5), 500, [[expect.stringContaining("not number"), undefined], 500]],
  ];

  it.each(cases)("have the status that the client gets: %s", async (_, handle, status, told) => {
    const { service, events } = serve(handle);
    await withServer(service, async (port) => {
      expect((await rawRequest(port, "GET", "/")).status).toBe(status);
    });
    expect(events).toEqual(told);
    events.length = 0;
    expect((await service.request("/")).status).toBe(status);
    expect(events).toEqual(told);
  });
});

describe("the signals of a stream", () => {
  it("are sent once, with the first chunk, whatever becomes of the rest", async () => {
    const { service, events } = serve(() => chunksOf("a", "b", new Error("later")));
    const response = await service.request("/");
    expect([response.status, events]).toEqual([200, [200]]);
    await expect(response.text()).rejects.toThrow();
    expect(events).toEqual([200]);
  });

  it.each<[string, Handler, string]>([
    ["a generator without chunks", () => chunksOf(), ""],
    ["a generator", () => chunksOf("a", "b"), "ab"],
    ["a source without return()", () => ({ [Symbol.asyncIterator]: () => ({ next: ended }) }), ""],
    ["events", () => new EventStream(chunksOf({ data: "x" }) as never), "data:x\n\n"],
    ["a web stream", () => new Blob(["x"]).stream(), "x"],
  ])("have the status of the response: %s", async (_, handle, body) => {
    const { service, events } = serve(handle);
    expect(await (await service.request("/")).text()).toBe(body);
    expect(events).toEqual([200]);
  });

  it("leave trailers and files as they are", async () => {
    const { service, events } = serve(() => withTrailers(chunksOf("a"), { "x-sum": "7" }));
    await withServer(service, async (port) => {
      const raw = await sendRaw(port, "GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
      expect(raw).toMatch(/trailer: x-sum[\s\S]*1\r\na\r\n0\r\nx-sum: 7\r\n\r\n$/i);
      const file = await rawRequest(port, "GET", "/files/signal.test.ts");
      expect(file.body).toHaveLength(Number(file.headers.get("content-length")));
    });
    expect(events).toEqual([200, 200]);
  });

  it("are sent for HEAD, too, where nothing is read", async () => {
    const { service, events } = serve(() => chunksOf(new Error("never")));
    expect((await service.request("/", { method: "HEAD" })).status).toBe(200);
    expect(events).toEqual([200]);
  });

  it("are sent when the client goes away before there is a chunk", async () => {
    const never = { next: () => new Promise<never>(() => {}), return: ended };
    const { service, events } = serve(() => ({ [Symbol.asyncIterator]: () => never }));
    await withServer(service, async (port) => {
      const socket = connect(port, "127.0.0.1").on("error", () => {});
      await once(socket, "connect");
      socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(events).toEqual([]);
      socket.destroy();
      await expect.poll(() => events).toEqual([200]);
    });
  });

  it("are a 500 where their receiver throws", async () => {
    const { service, signals } = serve(() => chunksOf("a"));
    signals.requestFinished.connect(() => {
      throw new Error("receiver");
    });
    expect((await service.request("/")).status).toBe(500);
  });
});

async function ended(): Promise<IteratorReturnResult<undefined>> {
  return { done: true, value: undefined };
}

function used(): LightResponse {
  const response = text("x");
  response.takePayload();
  return response;
}
