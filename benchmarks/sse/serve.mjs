// A server that sends each event to all its clients, in a process of its own. It is told when to send, and says what it
// has used for that.

import { createServer } from "node:http";
import { bundleUrl } from "../lib/paths.mjs";

const HEAD = { "content-type": "text/event-stream", "cache-control": "no-store", "x-accel-buffering": "no" };
const [contender] = process.argv.slice(2);
const { port, publish, size } = await { raw, argania, hono }[contender]();

/** The same bytes for all contenders. */
let number = 0;
const nextEvent = () => ({
  event: "price",
  id: String(++number),
  data: JSON.stringify({ symbol: "ARGN", price: 3.5, volume: 1_200, text: "x".repeat(40) }),
});

process.on("message", ({ ask, events }) => {
  if (ask === "publish") {
    for (let count = 0; count < events; count++) publish(nextEvent());
  } else if (ask === "usage") {
    process.send({ ...process.cpuUsage(), size: size() });
  } else if (ask === "memory") {
    globalThis.gc?.();
    process.send({ rss: process.memoryUsage.rss(), size: size() });
  }
});
process.on("disconnect", () => process.exit());
process.send({ port });

async function raw() {
  const responses = new Set();
  const server = createServer((_request, response) => {
    response.writeHead(200, HEAD);
    response.flushHeaders();
    responses.add(response);
    response.once("close", () => responses.delete(response));
  });
  const publish = ({ event, id, data }) => {
    const bytes = Buffer.from(`event:${event}\nid:${id}\ndata:${data}\n\n`);
    for (const response of responses) response.write(bytes);
  };
  return { port: await listen(server), publish, size: () => responses.size };
}

async function argania() {
  const { EventChannel, EventStream, Resource, Server, _get } = await import(bundleUrl);
  const channel = new EventChannel();
  const root = new Resource("/");
  root.setHandlerFor(_get.to(() => new EventStream(channel.subscribe())));
  const { address } = await new Server().serve(root.intoService(), "127.0.0.1:0");
  return { port: address.port, publish: (event) => channel.publish(event), size: () => channel.size };
}

async function hono() {
  const { Hono } = await import("hono");
  const { streamSSE } = await import("hono/streaming");
  const { createAdaptorServer } = await import("@hono/node-server");
  const streams = new Set();
  const app = new Hono();
  app.get("/", (context) =>
    streamSSE(context, async (stream) => {
      streams.add(stream);
      await new Promise((resolve) => stream.onAbort(resolve));
      streams.delete(stream);
    }),
  );
  const publish = (event) => {
    for (const stream of streams) stream.writeSSE(event);
  };
  const port = await listen(createAdaptorServer({ fetch: app.fetch }));
  return { port, publish, size: () => streams.size };
}

function listen(server) {
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve(server.address().port));
  });
}
