import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { EventStream, type EventStreamSource } from "../../../src/data/sse/index.ts";
import { _get, Resource } from "../../../src/index.ts";

// N05: producers that make events of 1 MB as fast as their clients let them, and what is kept of these.

const SIZE = 1_000_000 - 100;

let produced = 0;
const big = () => ({ data: `${produced++}`.padEnd(SIZE, "x") });

const SOURCES: Record<string, () => EventStreamSource> = {
  generator: () =>
    (async function* () {
      for (;;) {
        yield big();
      }
    })(),
  iterable: () =>
    (function* () {
      for (;;) {
        yield big();
      }
    })(),
  stream: () => new ReadableStream({ pull: (controller) => controller.enqueue(big()) }, { highWaterMark: 0 }),
  callback:
    () =>
    async ({ send }) => {
      for (;;) {
        await send(big());
      }
    },
};

const root = new Resource("/").setHandlerFor(_get.to(() => "root"));
for (const [name, source] of Object.entries(SOURCES)) {
  root.subresource(`/${name}`).setHandlerFor(_get.to(() => new EventStream(source())));
}

const responses = new Set<ServerResponse>();
/** Without garbage, of which there is more or less as the machine is busy, and without what V8 keeps for later. */
const rss = (): number => {
  const { gc } = globalThis as { gc?: (options: object) => void };
  gc?.({ type: "major", execution: "sync", flavor: "last-resort" });
  return process.memoryUsage.rss();
};
root.subresource("/state").setHandlerFor(
  _get.to(() => ({
    rss: rss(),
    produced,
    buffered: [...responses].map(({ writableLength, socket }) =>
      Math.max(writableLength, socket?.writableLength ?? 0),
    ),
  })),
);

const logger = { error: () => {} };
const server = createServer(root.intoService({ logger }).createNodeListener({ ownsRequests: true }));
server.prependListener("request", ({ url = "" }, response) => {
  if (url.slice(1) in SOURCES) {
    responses.add(response);
    response.once("close", () => responses.delete(response));
  }
});
// A client that asks again must not meet a connection that is just being closed.
server.keepAliveTimeout = 0;
server.listen(0, "127.0.0.1", () => console.log(`port ${(server.address() as AddressInfo).port};`));
