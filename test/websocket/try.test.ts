import { createServer } from "node:http";
import { _get, Resource, Server } from "argania";
import { webSocketUpgrade } from "argania/websocket";
import { expect, test } from "vitest";
import { WebSocket } from "ws";

const root = () =>
  new Resource("/").setHandlerFor(
    _get.to([webSocketUpgrade()], (upgrade) =>
      upgrade(async (socket) => {
        for await (const m of socket) await socket.send(m);
      }),
    ),
  );
async function echo(url: string) {
  const ws = new WebSocket(url);
  const got: unknown[] = [];
  ws.on("message", (d, b) => got.push(b ? d : d.toString()));
  await new Promise((r, j) => {
    ws.on("open", r);
    ws.on("error", j);
  });
  ws.send("hi");
  ws.send(Buffer.from([1, 2, 3]));
  await expect.poll(() => got.length).toBe(2);
  const closed = new Promise((r) => ws.on("close", (c) => r(c)));
  ws.close(1000);
  expect(await closed).toBe(1000);
  return got;
}
test("server", async () => {
  const h = await new Server().serve(root().intoService(), "127.0.0.1:0");
  expect(await echo(h.url.replace("http", "ws"))).toEqual(["hi", Buffer.from([1, 2, 3])]);
  await h.close();
});
test("nodeListener", async () => {
  const s = createServer(root().intoService().nodeListener);
  await new Promise<void>((r) => s.listen(0, r));
  expect(await echo(`ws://127.0.0.1:${(s.address() as { port: number }).port}`)).toEqual([
    "hi",
    Buffer.from([1, 2, 3]),
  ]);
  s.close();
});
test("upgradeListener", async () => {
  const service = root().intoService();
  const s = createServer(service.nodeListener).on("upgrade", service.upgradeListener);
  await new Promise<void>((r) => s.listen(0, r));
  expect(await echo(`ws://127.0.0.1:${(s.address() as { port: number }).port}`)).toEqual([
    "hi",
    Buffer.from([1, 2, 3]),
  ]);
  s.close();
});
