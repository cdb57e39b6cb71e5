import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { _get, _post, _requestPasser, _requestReceiver, jsonBody, Resource } from "argania";
import { createLogger, LoggerLayer, serviceLogger } from "argania/logger";
import { RequestDecompressionLayer } from "argania/middleware";
import express from "express";
import { describe, expect, it, vi } from "vitest";
import { capture, INFO, WARN } from "./capture.ts";

vi.mock("../../src/middleware/logger/load-pretty.ts", () => ({ loadPretty: () => null }));

describe("LoggerLayer as a part of something else", () => {
  it("tells what Express has answered in its place", async () => {
    const log = capture();
    const root = new Resource("/");
    root.addLayerTo(_requestReceiver(new LoggerLayer(log.logger)));
    root.subresource("/ours").setHandlerFor(_get.to(() => "ours"));
    const app = express();
    app.use(root.intoService({ logger: serviceLogger(log.logger) }).nodeListener);
    app.get("/theirs", (_, response) => void response.status(203).send("theirs"));
    const server = createServer(app);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      for (const path of ["/ours", "/theirs", "/nobodys"]) {
        await (await fetch(url + path)).text();
      }
      await log.line(2);
      expect(log.lines()).toMatchObject([
        { level: INFO, path: "/ours", route: "/ours", status: 200 },
        { level: INFO, path: "/theirs", status: 203 },
        { level: WARN, path: "/nobodys", status: 404 },
      ]);
      expect(log.lines()[1]).not.toHaveProperty("route");
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  it("works inside of a layer that changes the body, and on a part of a tree", async () => {
    const log = capture();
    const root = new Resource("/");
    root.addLayerTo(_requestReceiver(new RequestDecompressionLayer()));
    const api = root.subresource("/api");
    api.addLayerTo(_requestPasser(new LoggerLayer(log.logger)));
    api.subresource("/echo").setHandlerFor(_post.to([jsonBody], (body) => body as object));
    root.setHandlerFor(_get.to(() => "not logged"));
    const { request } = root.intoService();
    await request("/");
    const headers = { "content-type": "application/json", "content-encoding": "gzip" };
    const response = await request("/api/echo", { method: "POST", headers, body: gzipSync('{"a":1}') });
    expect(await response.json()).toEqual({ a: 1 });
    expect(log.lines()).toMatchObject([{ path: "/api/echo", status: 200 }]);
  });
});

describe("createLogger without pino-pretty", () => {
  it("writes JSON, and says what to install to those who wanted more", () => {
    const lines: string[] = [];
    const destination = { write: (line: string) => lines.push(line) };
    createLogger({ destination, pretty: true }).info("text");
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { level: WARN, msg: expect.stringContaining("npm install --save-dev pino-pretty") },
      { level: INFO, msg: "text" },
    ]);
  });
});
