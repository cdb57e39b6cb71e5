import { _get, currentContext, Resource, Server } from "argania";
import { type WebSocketConnection, webSocketUpgrade } from "argania/websocket";
import { expect, onTestFinished, test } from "vitest";
import { openClient } from "./sockets.ts";

test.each<[string, (socket: WebSocketConnection, path: () => string) => Promise<void>]>([
  ["a callback", (socket, path) => socket.eachMessage(() => socket.send(path()))],
  [
    "a callback that is async",
    (socket, path) =>
      socket.eachMessage(async () => {
        await null;
        await socket.send(path());
      }),
  ],
  [
    "a loop",
    async (socket, path) => {
      for await (const _ of socket) {
        await socket.send(path());
      }
    },
  ],
])("%s works for the request, whenever messages come", async (_, read) => {
  const root = new Resource("/");
  const path = () => currentContext()?.path ?? "nowhere";
  root
    .subresource("/ws/{name}")
    .setHandlerFor(_get.to([webSocketUpgrade()], (upgrade) => upgrade((socket) => read(socket, path))));
  const { address, close } = await new Server().serve(
    root.intoService({ asyncContext: true }),
    "127.0.0.1:0",
  );
  onTestFinished(() => close());
  const clients = await Promise.all(
    ["a", "b"].map((name) => openClient(`ws://127.0.0.1:${address.port}/ws/${name}`)),
  );
  for (let round = 1; round <= 3; round++) {
    for (const [index, { socket, messages }] of clients.entries()) {
      socket.send("hello");
      await expect.poll(() => messages).toEqual(Array(round).fill(`/ws/${"ab"[index]}`));
    }
  }
});

test("a listener of its signal works for the request, whoever ends the connection", async () => {
  const notes: unknown[] = [];
  const root = new Resource("/");
  root.subresource("/ws/{name}").setHandlerFor(
    _get.to([webSocketUpgrade()], (upgrade) =>
      upgrade(async (socket) => {
        socket.signal.addEventListener("abort", () => notes.push(currentContext()?.path));
        for await (const _ of socket) {
        }
      }),
    ),
  );
  const { address, close } = await new Server().serve(
    root.intoService({ asyncContext: true }),
    "127.0.0.1:0",
  );
  onTestFinished(() => close());
  const { socket } = await openClient(`ws://127.0.0.1:${address.port}/ws/a`);
  socket.terminate();
  await expect.poll(() => notes).toEqual(["/ws/a"]);
});
