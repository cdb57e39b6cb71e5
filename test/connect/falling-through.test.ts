import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { _get, _requestPasser, _requestReceiver, Resource } from "argania";
import { connectLayer } from "argania/connect";
import express from "express";
import morgan from "morgan";
import { expect, it, onTestFinished } from "vitest";
import { eventually } from "./serve-tree.ts";

it("middleware of a request that falls through to Express ends with it, and leaves no listeners", async () => {
  const ended: string[] = [];
  const lines: string[] = [];
  const log = morgan(":method :url :status", { stream: { write: (line) => void lines.push(line.trim()) } });
  const watch = connectLayer(log as never, (_request, response, next) => {
    response.on("finish", () => ended.push("finish"));
    response.on("close", () => ended.push("close"));
    next();
  });
  const root = new Resource("/");
  root.addLayerTo(_requestReceiver(watch));
  root.addLayerTo(_requestPasser(watch));
  root.subresource("/a").setHandlerFor(_get.to(() => "a"));
  const app = express();
  app.use("/mount", root.intoService().nodeListener as never);
  const counts: number[] = [];
  app.use((request, response) => {
    counts.push(request.socket.listenerCount("close") + request.socket.listenerCount("error"));
    response.status(404).send(`left: ${request.originalUrl}`);
  });
  const server = createServer(app).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mount/none`;
  for (let count = 1; count <= 4; count++) {
    expect(await (await fetch(url)).text()).toBe("left: /mount/none");
    await eventually(() => ended.length === 4 * count && lines.length === 2 * count);
  }
  expect(ended.slice(0, 4).sort()).toEqual(["close", "close", "finish", "finish"]);
  expect(lines.every((line) => line === "GET /mount/none 404")).toBe(true);
  // However many connections the client has opened: on none do they pile up.
  expect(Math.max(...counts)).toBe(counts[0]);
});
