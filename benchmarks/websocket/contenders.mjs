// The echo servers that are compared. Each function starts one and gives its port.

import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { build, root } from "../lib/paths.mjs";

const MAX_MESSAGE = 1_048_576;

export const contenders = {
  argania: () =>
    argania(async (socket) => {
      for await (const message of socket) await socket.send(message);
    }),
  "argania-callback": () => argania((socket) => socket.eachMessage((message) => socket.send(message))),
  /** What the documentation of `ws` shows for an echo: the bytes go back as they came. */
  ws: () =>
    bare((socket) => socket.on("message", (data, isBinary) => socket.send(data, { binary: isBinary }))),
  /** The same for an application that reads text as text. */
  "ws-decoded": () =>
    bare((socket) =>
      socket.on("message", (data, isBinary) => socket.send(isBinary ? data : data.toString())),
    ),
  /** The least that it takes to have Argania's loop, without its limits and without waiting for slow clients. */
  "ws-loop": () => bare((socket) => void echoInLoop(messagesOf(socket), socket)),
};

async function argania(echo) {
  const { _get, Resource, Server, webSocketUpgrade } = await fromBundle();
  const service = new Resource("/")
    .setHandlerFor(_get.to([webSocketUpgrade()], (upgrade) => upgrade(echo)))
    .intoService();
  const { address } = await new Server().serve(service, "127.0.0.1:0");
  return address.port;
}

async function echoInLoop(messages, socket) {
  for await (const message of messages) {
    socket.send(message);
    await SENT;
  }
}

const SENT = Promise.resolve();

/** Messages as an async iterable; what comes too early is kept, however much it is. */
function messagesOf(socket) {
  const waiting = [];
  const ready = [];
  socket.on("message", (data, isBinary) => {
    const value = isBinary ? data : data.toString();
    if (waiting.length > 0) waiting.shift()({ value, done: false });
    else ready.push(value);
  });
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next: () =>
      ready.length > 0
        ? Promise.resolve({ value: ready.shift(), done: false })
        : new Promise((resolve) => waiting.push(resolve)),
  };
}

function fromBundle() {
  return import(pathToFileURL(process.env.BENCH_BUNDLE ?? join(build, "websocket.mjs")).href);
}

function bare(onConnection) {
  const { WebSocketServer } = createRequire(join(resolve(root), "package.json"))("ws");
  const server = new WebSocketServer({
    host: "127.0.0.1",
    port: 0,
    maxPayload: MAX_MESSAGE,
    maxFragments: 1_024,
  });
  server.on("connection", onConnection);
  return new Promise((done) => server.once("listening", () => done(server.address().port)));
}
