import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { _get, Resource } from "argania";
import { webSocketUpgrade } from "argania/websocket";

// O22: a server that says how much memory it takes and how much waits to be sent on each connection.

const root = new Resource("/").setHandlerFor(_get.to(() => "root"));
const upgrade = webSocketUpgrade({ idleTimeout: 30_000 });
root.subresource("/ws").setHandlerFor(
  _get.to([upgrade], (open) =>
    open(async (socket) => {
      for await (const message of socket) {
        await socket.send(message);
      }
    }),
  ),
);
// Says more than a client takes that does not read.
root.subresource("/full").setHandlerFor(
  _get.to([upgrade], (open) =>
    open(async (socket) => {
      for (;;) {
        await socket.send("x".repeat(10_000));
      }
    }),
  ),
);

const sockets = new Set<Socket>();
root.subresource("/state").setHandlerFor(
  _get.to(() => {
    const { gc } = globalThis as { gc?: (options: object) => void };
    gc?.({ type: "major", execution: "sync", flavor: "last-resort" });
    return {
      rss: process.memoryUsage.rss(),
      waiting: [...sockets].map(({ writableLength }) => writableLength),
      read: [...sockets].map(({ bytesRead }) => bytesRead),
    };
  }),
);

const service = root.intoService({ logger: { error: () => {} } });
const server = createServer(service.nodeListener).on("upgrade", service.upgradeListener);
server.on("upgrade", (_, socket: Socket) => {
  sockets.add(socket);
  socket.once("close", () => sockets.delete(socket));
});
// A client that asks again must not meet a connection that is just being closed.
server.keepAliveTimeout = 0;
server.listen(0, "127.0.0.1", () => console.log(`port ${(server.address() as AddressInfo).port};`));
