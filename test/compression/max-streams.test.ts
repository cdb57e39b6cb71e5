import { _get, _requestReceiver, around, Resource, respond } from "argania";
import { CompressionLayer } from "argania/middleware";
import { afterEach, describe, expect, it } from "vitest";
import { activeEncoders, compressed } from "../../src/data/compression/compressed.ts";
import { withServer } from "../support/raw-http.ts";
import { ask, serving, TEXT } from "./serving.ts";
import { open, respondWith, sourceOf } from "./stream-tools.ts";

afterEach(async () => {
  await expect.poll(activeEncoders).toBe(0);
});

it("streams beyond maxStreams go as they are, and say that they could be compressed", async () => {
  const { body } = sourceOf(async () => TEXT);
  const service = serving(() => respondWith(body as never), { maxStreams: 2 });
  const readers: ReadableStreamDefaultReader<Uint8Array>[] = [];
  const next = async () => {
    const response = await service.request("/", { headers: { "accept-encoding": "gzip, identity;q=0" } });
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    readers.push(reader);
    await reader.read();
    return [response.headers.get("content-encoding"), response.headers.get("vary")];
  };
  expect([await next(), await next(), await next()]).toEqual([
    ["gzip", "accept-encoding"],
    ["gzip", "accept-encoding"],
    [null, "accept-encoding"],
  ]);
  expect(
    (
      await ask(
        serving(() => TEXT, { maxStreams: 0 }),
        "gzip",
      )
    ).coding,
  ).toBe("gzip");
  await readers[0]?.cancel();
  await expect.poll(activeEncoders).toBe(1);
  expect(await next()).toEqual(["gzip", "accept-encoding"]);
  await Promise.all(readers.map((reader) => reader.cancel()));
});

it("the bound holds for streams that are asked for all at once", async () => {
  const { body } = sourceOf(async () => TEXT);
  const service = serving(() => respondWith(body as never), { maxStreams: 2 });
  const responses = await Promise.all(
    Array.from({ length: 5 }, () => service.request("/", { headers: { "accept-encoding": "gzip" } })),
  );
  expect(responses.map(({ headers }) => headers.get("content-encoding"))).toEqual([
    "gzip",
    "gzip",
    null,
    null,
    null,
  ]);
  await Promise.all(responses.map((response) => response.body?.cancel()));
});

describe("the place of a stream is free again", () => {
  const broken = {
    [Symbol.asyncIterator](): AsyncIterator<string> {
      throw new Error("no iterator");
    },
  };

  it.each(["GET", "HEAD"])("when it cannot be opened for %s", async (method) => {
    const service = serving(() => respondWith(broken), { maxStreams: 1 });
    for (let count = 0; count < 3; count++) {
      await ask(service, "gzip", { method }).catch(() => {});
    }
    await withServer(service, async (port) => {
      const response = await open(port, "gzip");
      expect(response.statusCode).toBe(500);
      response.resume();
    });
    await expect.poll(activeEncoders).toBe(0);
  });

  it("when it was never begun: HEAD, and a 304 further out", async () => {
    const { body, state } = sourceOf(async () => TEXT);
    const dropping = around(async (_, next) => {
      const response = await next();
      await response.body?.cancel();
      return respond(304);
    });
    const root = new Resource("/").setHandlerFor(_get.to(() => respondWith(body as never)));
    root.subresource("/304").setHandlerFor(
      _get
        .to(() => respondWith(body as never))
        .wrappedIn(new CompressionLayer())
        .wrappedIn(dropping),
    );
    root.addLayerTo(_requestReceiver(new CompressionLayer()));
    const service = root.intoService();
    expect((await ask(service, "gzip", { method: "HEAD" })).coding).toBe("gzip");
    expect((await ask(service, "gzip", { path: "/304" })).status).toBe(304);
    expect(activeEncoders()).toBe(0);
    expect(state.pulls).toBe(0);
  });

  it("when it was let go of twice", async () => {
    const iterator = compressed(() => ({ next: async () => ({ done: true }), release: async () => {} }), {
      coding: "gzip",
      level: 6,
    })[Symbol.asyncIterator]();
    expect(activeEncoders()).toBe(1);
    await iterator.return?.();
    await iterator.return?.();
    expect(activeEncoders()).toBe(0);
  });
});
