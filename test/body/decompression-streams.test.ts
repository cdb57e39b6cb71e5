import type { IncomingMessage } from "node:http";
import { gzipSync } from "node:zlib";
import { _get, _post, _requestReceiver, jsonBody, type RequestContext, Resource } from "argania";
import { RequestDecompressionLayer } from "argania/middleware";
import { describe, expect, test } from "vitest";
import { RawClient, statuses } from "../server/raw-client.ts";
import { serveBare } from "./serve-both.ts";

const HEAD = [
  "POST / HTTP/1.1",
  "Host: x",
  "Content-Type: application/json",
  "Content-Encoding: gzip",
  "Transfer-Encoding: chunked",
].join("\r\n");
const chunk = (bytes: Uint8Array) =>
  `${bytes.length.toString(16)}\r\n${Buffer.from(bytes).toString("latin1")}\r\n`;
/** Does not shrink, and is cut off: the rest never comes. */
const noise = gzipSync(crypto.getRandomValues(new Uint8Array(60_000))).subarray(0, 50_000);

/** Serves a handler behind the layer; the requests that came. */
async function serveHandler(handle: (context: RequestContext) => Promise<string>) {
  const requests: IncomingMessage[] = [];
  const reports: unknown[] = [];
  const root = new Resource("/").addLayerTo(_requestReceiver(new RequestDecompressionLayer()));
  root.setHandlerFor([_post.to((context) => handle(context)), _get.to(() => "got")]);
  const service = root.intoService({ logger: { error: (report) => void reports.push(report) } });
  const { port } = await serveBare(service, (request) => void requests.push(request));
  return { port, requests, reports, client: await RawClient.connect(port) };
}

/** Node's own and those of the server in front are always there. */
const LISTENERS = ["data", "end", "aborted"];
const listeners = (request: IncomingMessage | undefined) =>
  LISTENERS.flatMap((name) => request?.listeners(name).map((each) => `${name}: ${each.name}`) ?? []).filter(
    (each) => each !== "end: clearIncoming",
  );

describe("a decoded stream", () => {
  test("that is given up half-way lets go of the request and ends its connection", async () => {
    const { client, requests, reports } = await serveHandler(async ({ body }) => {
      const reader = body?.getReader();
      const first = await reader?.read();
      await reader?.cancel();
      return `${(first?.value?.byteLength ?? 0) > 0}`;
    });
    client.send(`${HEAD}\r\n\r\n${chunk(noise)}`);
    expect(await client.all()).toMatch(/^HTTP\/1\.1 200 [\s\S]*connection: close[\s\S]*true/i);
    expect([listeners(requests[0]), reports]).toEqual([[], []]);
  });

  test("that is given up while more is waited for lets go at once", async () => {
    const { client, requests } = await serveHandler(async ({ body }) => {
      const reader = body?.getReader();
      let length = 0;
      for (;;) {
        const next = reader?.read();
        const part = await Promise.race([
          next,
          new Promise<null>((resolve) => setTimeout(resolve, 100, null)),
        ]);
        if (part === null || part === undefined) {
          await reader?.cancel();
          return `${length > 10_000}`;
        }
        length += part.value?.byteLength ?? 0;
      }
    });
    client.send(`${HEAD}\r\n\r\n${chunk(noise)}`);
    expect(await client.all()).toMatch(/true/);
    expect(listeners(requests[0])).toEqual([]);
  });

  test("that is not read holds the client back", async () => {
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { client } = await serveHandler(async ({ body }) => {
      const reader = body?.getReader();
      await reader?.read();
      await released;
      await reader?.cancel();
      return "read";
    });
    client.socket.on("error", () => {});
    client.send(`${HEAD}\r\n\r\n`);
    const most = 64 * 1024 * 1024;
    const stored = gzipSync(new Uint8Array(0)).subarray(0, 10);
    client.send(chunk(stored));
    // A block that is stored as it is (RFC 1951 §3.2.4).
    const block = Buffer.concat([Buffer.from([0, 0xff, 0xff, 0, 0]), Buffer.alloc(65_535, "a")]);
    for (let sent = 0; sent < most && client.socket.writableLength < 16 * 1024 * 1024; sent += block.length) {
      client.send(chunk(block));
    }
    // What would be taken without end would be taken to its end.
    for (let before = -1; before !== client.socket.writableLength; ) {
      before = client.socket.writableLength;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(client.socket.writableLength).toBeGreaterThan(0);
    release();
    await client.until(/^HTTP\/1\.1 200 /);
    client.close();
  });

  test("fails as an abort when its client goes, and nothing is reported", async () => {
    const outcomes: unknown[] = [];
    const { client, requests, reports } = await serveHandler(async ({ body }) => {
      try {
        for await (const _ of body as unknown as AsyncIterable<Uint8Array>) {
          outcomes.push("part");
        }
      } catch (error) {
        outcomes.push((error as Error).name);
        throw error;
      }
      return "never";
    });
    client.send(`${HEAD}\r\n\r\n${chunk(noise)}`);
    await expect.poll(() => outcomes.length).toBeGreaterThan(0);
    client.socket.resetAndDestroy();
    await expect.poll(() => outcomes.at(-1)).toBe("AbortError");
    expect([listeners(requests[0]), reports]).toEqual([[], []]);
  });
});

describe("a decoded body is read once", () => {
  const alreadyRead = expect.objectContaining({ code: "ARGANIA_BODY_ALREADY_READ" });
  const ARGS = { nodeExtension: undefined, handlerExtension: undefined };
  const byExtractor = (context: RequestContext) => jsonBody.extract(context, ARGS);
  const outcomesOf = async (...reads: ((context: RequestContext) => unknown)[]) => {
    const seen: unknown[] = [];
    const { port } = await serveHandler(async (context) => {
      for (const read of reads) {
        try {
          seen.push(await read(context));
        } catch (error) {
          seen.push(error);
        }
      }
      return "done";
    });
    const headers = { "content-type": "application/json", "content-encoding": "gzip" };
    const body = new Uint8Array(gzipSync('{"a":1}'));
    const response = await fetch(`http://127.0.0.1:${port}/`, { method: "POST", headers, body });
    expect(await response.text()).toBe("done");
    return seen;
  };

  test("by extractors", async () => {
    expect(await outcomesOf(byExtractor, byExtractor)).toEqual([{ a: 1 }, alreadyRead]);
  });

  test("by an extractor, then as a stream", async () => {
    const asText = ({ body }: RequestContext) => new Response(body).text();
    const seen = await outcomesOf(byExtractor, asText);
    expect(seen).toEqual([{ a: 1 }, alreadyRead]);
  });

  test("as a request, then by an extractor", async () => {
    const asJson = ({ request }: RequestContext) => request.json();
    expect(await outcomesOf(asJson, byExtractor)).toEqual([{ a: 1 }, alreadyRead]);
  });

  test("but looking at it is no reading", async () => {
    const look = ({ request, body }: RequestContext) => [request.method, body?.locked];
    expect(await outcomesOf(look, byExtractor)).toEqual([["POST", false], { a: 1 }]);
  });
});

test("a request without a body has none behind the layer either", async () => {
  const { client } = await serveHandler(async ({ body }) => `${body === null}`);
  client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\n\r\n");
  client.get("/", "Content-Encoding: gzip", "Connection: close");
  expect(await client.all()).toMatch(/true[\s\S]*got$/);
  expect(statuses(client.received)).toEqual([200, 200]);
});
