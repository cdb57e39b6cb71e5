import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import {
  _get,
  _requestReceiver,
  jsonLines,
  jsonStream,
  Resource,
  respond,
  type Service,
  withTrailers,
} from "argania";
import { ConditionalRequestsLayer } from "argania/middleware";
import { describe, expect, test } from "vitest";
import { sendStream } from "../../src/response/node-send-stream.ts";
import type { NodeWritable } from "../../src/response/node-writable.ts";
import { RawClient } from "../server/raw-client.ts";
import { MemoryLogger, serve } from "../server/serve.ts";

type Send = (source: Readable) => object;

/** Each makes a response of a stream that nobody will read. */
const WAYS: readonly (readonly [string, Send])[] = [
  ["the stream itself", (source) => source],
  ["jsonStream", (source) => jsonStream(source)],
  ["jsonLines", (source) => jsonLines(source)],
  ["withTrailers", (source) => withTrailers(source, { "x-sum": "3" })],
  ["withTrailers of jsonStream", (source) => withTrailers(jsonStream(source), { "x-sum": "3" })],
];

class Site {
  readonly sources: Readable[] = [];
  readonly service: Service;

  constructor(send: Send, open: () => Readable = () => createReadStream(import.meta.filename)) {
    const answer = (headers: Readonly<Record<string, string>>, status = 200) => {
      const source = open();
      this.sources.push(source);
      return respond(status, headers, send(source));
    };
    const root = new Resource("/").setHandlerFor(_get.to(() => answer({})));
    root.subresource("/empty").setHandlerFor(_get.to(() => answer({}, 204)));
    root
      .subresource("/versioned")
      .setHandlerFor(_get.to(() => answer({ etag: '"v1"' })))
      .addLayerTo(_requestReceiver(new ConditionalRequestsLayer()));
    this.service = root.intoService({ logger: new MemoryLogger() });
  }

  get areReleased(): readonly boolean[] {
    return this.sources.map((source) => source.destroyed);
  }
}

const REQUESTS = [
  ["HEAD", "/", {}, 200],
  ["GET", "/empty", {}, 204],
  ["GET", "/versioned", { "If-None-Match": '"v1"' }, 304],
  ["GET", "/versioned", { "If-Match": '"v0"' }, 412],
] as const;

describe.each(WAYS)("%s, opened and never read, is closed", (_, send) => {
  test.each(REQUESTS)("%s %s %j: %i", async (method, path, headers, status) => {
    const site = new Site(send);
    const { port } = await serve(site.service);
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    const client = await RawClient.connect(port);
    const all = await client
      .send(`${method} ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${lines.join("")}\r\n`)
      .all();
    expect(all).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(site.areReleased).toEqual([true]);
  });

  test.each(REQUESTS)("in fetch: %s %s %j: %i", async (method, path, headers, status) => {
    const site = new Site(send);
    const response = await site.service.fetch(new Request(`http://x${path}`, { method, headers }));
    expect(response.status).toBe(status);
    await expect.poll(() => site.areReleased).toEqual([true]);
  });

  test("in fetch, where the client goes away before the first chunk", async () => {
    const site = new Site(send);
    const response = await site.service.fetch(new Request("http://x/"));
    await response.body?.cancel();
    expect(site.areReleased).toEqual([true]);
  });
});

test("a stream whose client has gone before its first chunk is closed", async () => {
  const source = createReadStream(import.meta.filename);
  const gone = { destroyed: true } as NodeWritable;
  await sendStream(gone, () => {}, source, undefined);
  expect(source.destroyed).toBe(true);
});

test.each(WAYS)(
  "%s, which waits for its next chunk, is closed when the client goes away",
  async (_, send) => {
    const site = new Site(send, () => {
      const source = new Readable({ read: () => {} });
      source.push("first");
      return source;
    });
    const { port } = await serve(site.service);
    const controller = new AbortController();
    const response = await fetch(`http://127.0.0.1:${port}/`, { signal: controller.signal });
    await response.body?.getReader().read();
    expect(site.areReleased).toEqual([false]);
    controller.abort();
    await expect.poll(() => site.areReleased).toEqual([true]);
  },
);

test("a file that is not there does not end the process when nobody wants it", async () => {
  const site = new Site(
    (source) => source,
    () => createReadStream("/there/is/no/such/file"),
  );
  const { port } = await serve(site.service);
  const response = await fetch(`http://127.0.0.1:${port}/`, { method: "HEAD" });
  expect(response.status).toBe(200);
  // What nobody listens for would be an uncaught exception, which fails the whole run.
  await expect.poll(() => site.sources[0]?.closed).toBe(true);
});
