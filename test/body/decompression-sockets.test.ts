import { gzipSync } from "node:zlib";
import { _get, _post, _requestReceiver, jsonBody, type Layer, Resource } from "argania";
import { RequestDecompressionLayer } from "argania/middleware";
import { describe, expect, test } from "vitest";
import { RawClient, statuses } from "../server/raw-client.ts";
import { jsonApp } from "./json-app.ts";
import { serveAs, WAYS } from "./serve-both.ts";

const LIMIT = 10_000;
const latin1 = (bytes: Buffer) => bytes.toString("latin1");
const head = (...headers: string[]) =>
  `POST / HTTP/1.1\r\n${["Host: x", "Content-Type: application/json", "Content-Encoding: gzip", ...headers].join("\r\n")}\r\n\r\n`;
const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;
const whole = (body: string, ...headers: string[]) =>
  head(`Content-Length: ${body.length}`, ...headers) + body;
const CHUNKED = "Transfer-Encoding: chunked";
const BOMB = latin1(gzipSync(Buffer.alloc(10_000_000, " ")));

describe.each(WAYS)("a compressed body (%s)", (way) => {
  const start = async (layer: Layer = new RequestDecompressionLayer()) => {
    const errors: unknown[] = [];
    const watched = {
      extract: async (...given: Parameters<typeof jsonBody.extract>) => {
        try {
          return await jsonBody.withLimit(LIMIT).extract(...given);
        } catch (error) {
          errors.push(error);
          throw error;
        }
      },
    };
    const app = jsonApp(watched, (root) => {
      root.addLayerTo(_requestReceiver(layer));
      root.subresource("/get").setHandlerFor(_get.to(() => "got"));
      root.subresource("/stream").setHandlerFor(
        _post.to(async ({ body }) => {
          let length = 0;
          for await (const part of body as unknown as AsyncIterable<Uint8Array>) {
            length += part.byteLength;
          }
          return `${length} bytes`;
        }),
      );
    });
    const { port } = await serveAs(way, app.service);
    return { ...app, errors, port, client: await RawClient.connect(port) };
  };

  test("keeps its connection, whole and in chunks, one after the other and pipelined", async () => {
    const { client } = await start();
    const [first, second] = [latin1(gzipSync("[1]")), latin1(gzipSync("[2]"))];
    client
      .send(whole(first))
      .send(`${head(CHUNKED) + chunk(second.slice(0, 9)) + chunk(second.slice(9))}0\r\n\r\n`);
    client.send(whole(first, "Connection: close"));
    expect(await client.all()).toMatch(/\{"value":\[1\]\}[\s\S]*\{"value":\[2\]\}[\s\S]*\{"value":\[1\]\}$/);
    expect(statuses(client.received)).toEqual([200, 200, 200]);
  });

  test("that is a bomb is a 413, and a small one leaves the connection for the next request", async () => {
    const { client, values } = await start();
    client.send(whole(BOMB)).get("/get", "Connection: close");
    expect(statuses(await client.all())).toEqual([413, 200]);
    expect(values).toEqual([]);
  });

  test("that is too large in chunks ends its connection", async () => {
    const { client } = await start();
    client.send(head(CHUNKED) + chunk(BOMB));
    expect(await client.all()).toMatch(/^HTTP\/1\.1 413 [\s\S]*Connection: close/i);
  });

  test("that announces more than any coding of a small one has is not read", async () => {
    const { client } = await start();
    client.send(head("Content-Length: 1000000", "Expect: 100-continue"));
    // In front of a bare service Node itself says that the client may go on.
    expect(statuses(await client.all())).toEqual(way === "Server" ? [413] : [100, 413]);
  });

  test("that is corrupt is a 400, and keeps its connection when it is small", async () => {
    const { client, reports } = await start();
    client.send(whole("no gzip at all")).get("/get", "Connection: close");
    expect(statuses(await client.all())).toEqual([400, 200]);
    expect(reports).toEqual([]);
  });

  test.each([
    ["destroys the connection", (client: RawClient) => client.socket.resetAndDestroy()],
    ["closes it", (client: RawClient) => client.close()],
    ["half-closes it", (client: RawClient) => client.socket.end()],
  ])("whose client %s half-way is an abort, and nothing is reported", async (_, leave) => {
    const { client, errors, values, reports } = await start();
    const body = latin1(gzipSync(JSON.stringify("a".repeat(9_000))));
    client.send(head(`Content-Length: ${body.length}`) + body.slice(0, 20));
    // The head of the body has been taken when the request is being read.
    await new Promise((resolve) => setTimeout(resolve, 50));
    leave(client);
    await expect.poll(() => errors).toMatchObject([{ name: "AbortError" }]);
    expect([values, reports]).toEqual([[], []]);
  });

  test("is streamed, decoded, through context.body", async () => {
    const { client } = await start();
    client.send(whole(BOMB, "Connection: close").replace("POST /", "POST /stream"));
    expect(await client.all()).toMatch(/10000000 bytes$/);
  });
});

test("a body in a coding that is not taken is refused before it is sent", async () => {
  const root = new Resource("/").addLayerTo(
    _requestReceiver(new RequestDecompressionLayer({ codings: ["br"] })),
  );
  root.setHandlerFor(_post.to([jsonBody], () => "read"));
  const { port } = await serveAs("Server", root.intoService());
  const client = (await RawClient.connect(port)).send(head("Content-Length: 20", "Expect: 100-continue"));
  expect(await client.all()).toMatch(/^HTTP\/1\.1 415 [\s\S]*accept-encoding: br\r\n/i);
});
