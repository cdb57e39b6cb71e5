import { _get, Resource, Server } from "argania";
import { EventChannel, EventStream } from "argania/sse";

let released = 0;
const channel = new EventChannel();
const root = new Resource("/");

root.subresource("/generator").setHandlerFor(
  _get.to(
    () =>
      new EventStream(async function* ({ signal }) {
        try {
          yield { data: "x" };
          await new Promise((resolve) => signal.addEventListener("abort", resolve));
        } finally {
          released++;
        }
      }),
  ),
);
root.subresource("/callback").setHandlerFor(
  _get.to(
    () =>
      new EventStream(({ send }) => {
        send({ data: "x" });
        return () => released++;
      }),
  ),
);
root
  .subresource("/channel")
  .setHandlerFor(_get.to(() => new EventStream(channel.subscribe({ first: { data: "x" } }))));

const workers = Number(process.env.WORKERS);
const handle = await new Server()
  .withGracefulShutdown(60_000)
  .withWorkers(workers)
  .serve(root.intoService(), "127.0.0.1:0");

if (handle.worker === null) {
  console.log(`port ${handle.address.port}`);
}
await handle.closed;
console.log(`released ${released}`);
