import { connect } from "node:net";
import { _get, _post, _requestReceiver, jsonBody, Resource, Server } from "argania";
import { LoggerLayer, requestLogger, serviceLogger } from "argania/logger";
import { RequestIdLayer } from "argania/middleware";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { capture } from "../logging/capture.ts";
import { rawRequest, sendRaw } from "../support/raw-http.ts";

const log = capture();
let port = 0;
let stop = async () => {};

/** Everything that a client has a say in is logged, and its ids are believed. */
beforeAll(async () => {
  const root = new Resource("/");
  root.addLayerTo(
    _requestReceiver([
      new RequestIdLayer({ trust: true }),
      new LoggerLayer({
        logger: log.logger,
        query: true,
        headers: true,
        userAgent: true,
        responseHeaders: true,
        bytes: true,
      }),
    ]),
  );
  root.subresource("/echo *").setHandlerFor(
    _get.to((context) => {
      requestLogger(context).info(
        { headers: context.headers, segments: context.subtreeSegments },
        context.path,
      );
      throw new Error(decodeURIComponent(context.search));
    }),
  );
  root.subresource("/json").setHandlerFor(_post.to([jsonBody], () => null));
  const handle = await new Server().serve(
    root.intoService({ logger: serviceLogger(log.logger) }),
    "127.0.0.1:0",
  );
  port = handle.address.port;
  stop = async () => {
    handle.close();
    await handle.closed;
  };
});
afterAll(() => stop());

/** What was written while `act` ran, each line of which must be one of JSON. */
async function written(act: () => Promise<unknown>): Promise<readonly string[]> {
  const before = log.raw.length;
  await act();
  await log.line(before);
  const lines = log.raw.slice(before);
  for (const line of lines) {
    expect(line.endsWith("}\n")).toBe(true);
    expect(line.slice(0, -1)).not.toContain("\n");
    expect(() => JSON.parse(line)).not.toThrow();
  }
  return lines;
}

const FORGED = '\r\n{"level":30,"msg":"all is well"}\u001b[2J\u009b\u202e';

describe("a client that writes into logs", () => {
  it.each([
    ["a path", `/echo/${encodeURIComponent(FORGED)}`, {}],
    ["a path that is nowhere", `/${encodeURIComponent(FORGED)}`, {}],
    ["a query", `/echo?${encodeURIComponent(FORGED)}=${encodeURIComponent(FORGED)}`, {}],
    ["an id", "/echo", { "x-request-id": 'a","level":"50' }],
    ["a header of C1 controls", "/echo", { "user-agent": "\u009b2J\u0085", "x-other": "\u009b2J" }],
    ["a header by a name of an object's", "/echo", { __proto__x: "1", constructor: "x" }],
    ["a malformed path", "/%zz", {}],
  ])("forges no line by %s", async (_, target, headers) => {
    const lines = await written(() => rawRequest(port, "GET", target, headers));
    expect(lines.length).toBeLessThanOrEqual(2);
    for (const line of lines) {
      for (const character of ["\u001b", "\u009b", "\u0085", "\u202e"]) {
        expect(line).not.toContain(character);
      }
    }
  });

  it("gets no secret of its own into them", async () => {
    const headers = {
      authorization: "hidden",
      cookie: "a=hidden",
      "proxy-authorization": "hidden",
      "x-api-key": "hidden",
    };
    const lines = await written(() => rawRequest(port, "GET", "/nowhere?token=hidden", headers));
    expect(lines.join("")).not.toContain("hidden");
  });

  it("cannot make lines as long as it likes", async () => {
    const long = "x".repeat(2_500);
    const headers = Object.fromEntries(
      ["user-agent", "x-request-id", "x-a", "x-b"].map((name) => [name, long]),
    );
    const lines = await written(() => rawRequest(port, "GET", `/n/${long}?${"a=1&".repeat(500)}`, headers));
    expect(lines).toHaveLength(1);
    expect(lines[0]?.length).toBeLessThan(10_000);
  });

  it("chooses no id that is none", async () => {
    for (const id of ["", " ", "a b", '"', "\u00fc", "x".repeat(129)]) {
      const { headers } = await rawRequest(port, "GET", "/nowhere", { "x-request-id": id });
      expect(headers.get("x-request-id")).toMatch(/^[\da-f-]{36}$/);
    }
  });

  it("is logged once however it goes away", async () => {
    const before = log.raw.length;
    for (const bytes of [
      "GET /nowhere HTTP/1.1\r\nhost: a\r\n\r\n",
      "POST /json HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{",
    ]) {
      await new Promise<void>((resolve) => {
        const socket = connect(port, "127.0.0.1", () =>
          socket.write(bytes, () => setTimeout(() => socket.destroy(), 20)),
        );
        socket.once("close", () => resolve());
        socket.on("error", () => {});
      });
    }
    await log.line(before + 1);
    await rawRequest(port, "GET", "/nowhere");
    await log.line(before + 2);
    expect(log.raw).toHaveLength(before + 3);
  });

  it("leaves nothing behind that a next one could meet", async () => {
    await sendRaw(port, "GARBAGE\r\n\r\n");
    expect((await rawRequest(port, "GET", "/nowhere")).status).toBe(404);
  });
});
