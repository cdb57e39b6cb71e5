import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { _post, _requestReceiver, around, json, jsonBody, type Layer, Resource } from "argania";
import { describe, expect, onTestFinished, test } from "vitest";
import { RawClient, statuses } from "../server/raw-client.ts";

const tick = () => new Promise((resolve) => setTimeout(resolve, 20));

/** A service whose requests are its own, and the requests that it got. */
async function serveOwn(
  ownsRequests: boolean,
  layer: Layer = (handler) => handler,
  handlerTimeout = 0,
): Promise<{ port: number; requests: IncomingMessage[]; errors: unknown[]; values: unknown[] }> {
  const requests: IncomingMessage[] = [];
  const errors: unknown[] = [];
  const values: unknown[] = [];
  const watched = {
    extract: async (...given: Parameters<typeof jsonBody.extract>) => {
      try {
        return await jsonBody.withLimit(1_000).extract(...given);
      } catch (error) {
        errors.push(error);
        throw error;
      }
    },
  };
  const root = new Resource("/").addLayerTo(_requestReceiver(layer));
  root.setHandlerFor(
    _post.to([watched], (body) => {
      values.push(body);
      return json(body);
    }),
  );
  const service = root.intoService({ logger: { error: () => {} } });
  const listener = service.createNodeListener({ ownsRequests, handlerTimeout });
  const server = createServer((request, response) => {
    requests.push(request);
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, requests, errors, values };
}

const post = (body: string, ...headers: string[]) =>
  ["POST / HTTP/1.1", "Host: a", "Content-Type: application/json", ...headers, "", body].join("\r\n");
const sized = (body: string) => post(body, `Content-Length: ${body.length}`);

describe("a body that nobody else reads", () => {
  test("is taken past the stream, chunk by chunk, one request after the other", async () => {
    const { port, requests } = await serveOwn(true);
    const client = await RawClient.connect(port);
    client.send(sized("[1]") + sized("[2]"));
    await client.until(/\[2\]$/);
    const last = post("", "Transfer-Encoding: chunked", "Connection: close");
    client.send(last);
    for (const part of ["2\r\n[3\r\n", "3\r\n,4]\r\n", "0\r\n\r\n"]) {
      await tick();
      client.send(part);
    }
    const received = await client.all();
    expect(received.match(/\[[\d,]+\]/g)).toEqual(["[1]", "[2]", "[3,4]"]);
    expect(requests.map(({ readableDidRead, complete }) => [readableDidRead, complete])).toEqual(
      Array(3).fill([false, true]),
    );
  });

  test("comes from the stream when some of it is there already", async () => {
    const later = around(async (_, next) => {
      await tick();
      return next();
    });
    const { port, requests } = await serveOwn(true, later);
    const client = (await RawClient.connect(port)).send(sized("[1]"));
    await client.until(/\[1\]$/);
    expect(requests[0]?.readableDidRead).toBe(true);
    client.close();
  });

  test("ends its connection when it is too large", async () => {
    const { port, requests } = await serveOwn(true);
    const client = await RawClient.connect(port);
    client.send(`${post("", "Transfer-Encoding: chunked")}7d0\r\n${"x".repeat(2_000)}\r\n`);
    const received = await client.all();
    expect(received).toMatch(/^HTTP\/1\.1 413 [\s\S]*connection: close/i);
    expect(requests[0]?.listenerCount("close")).toBe(0);
  });

  test("is an abort when its client goes", async () => {
    const { port, errors, requests } = await serveOwn(true);
    const client = (await RawClient.connect(port)).send(`${post("", "Content-Length: 9")}{"a":`);
    await expect.poll(() => requests[0]?.listenerCount("close")).toBe(1);
    client.socket.resetAndDestroy();
    await expect.poll(() => errors).toMatchObject([{ name: "AbortError" }]);
  });
});

test("a body whose end comes after the handler's time is over is not taken for a whole one without it", async () => {
  const { port, errors, values } = await serveOwn(true, undefined, 50);
  const client = (await RawClient.connect(port)).send(`${post("", "Content-Length: 5")}100`);
  await client.until(/^HTTP\/1\.1 503 /);
  client.send("00").get("/", "Connection: close");
  expect(statuses(await client.all())).toEqual([503, 405]);
  expect(values).toEqual([]);
  expect(errors).toMatchObject([{ name: "AbortError" }]);
});

test("a body that somebody behind may ask for comes from the stream", async () => {
  const { port, requests } = await serveOwn(false);
  const client = (await RawClient.connect(port)).send(sized("[1]"));
  await client.until(/\[1\]$/);
  await expect.poll(() => requests[0]?.readableEnded).toBe(true);
  client.close();
});
