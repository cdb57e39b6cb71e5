import { _get, Resource, Server } from "argania";
import { webSocketUpgrade } from "argania/websocket";

// A program whose WebSockets and event streams stay open until it is told to end.

const { GRACE = "10000", WORKERS = "0" } = process.env;

const root = new Resource("/").setHandlerFor(_get.to(() => "root"));
root.subresource("/ws").setHandlerFor(
  _get.to([webSocketUpgrade()], (upgrade) =>
    upgrade(async (socket) => {
      for await (const message of socket) {
        await socket.send(message);
      }
      const { code } = await socket.closed;
      console.log(`socket ended ${code};`);
    }),
  ),
);
root
  .subresource("/sse")
  .setHandlerFor(_get.to(() => new Response(events(), { headers: { "content-type": "text/event-stream" } })));

function events(): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode("data: first\n\n")),
    cancel: () => console.log("stream returned;"),
  });
}

const server = new Server().withWorkers(Number(WORKERS)).withGracefulShutdown(Number(GRACE));
const { address, closed, worker } = await server.serve(root.intoService(), "127.0.0.1:0");
if (worker === null) {
  console.log(`port ${address.port};`);
}
closed.then(() => console.log(`closed ${worker ?? "primary"};`));
