import { connect as connectHttp2 } from "node:http2";
import { connect as connectTls } from "node:tls";
import { _get, Resource, Server } from "argania";
import { expect, test } from "vitest";
import { RawClient } from "./raw-client.ts";
import { MemoryLogger, testTls } from "./serve.ts";

const REQUEST = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

/** A client of each protocol, which has asked. */
const CLIENTS: [string, (server: Server) => Server, (port: number) => unknown][] = [
  ["HTTP/1.1", (server) => server, async (port) => (await RawClient.connect(port)).get("/")],
  [
    "HTTPS",
    (server) => server.withTls(testTls()),
    (port) => {
      const socket = connectTls({ port, host: "127.0.0.1", rejectUnauthorized: false });
      socket.on("error", () => {}).write(REQUEST);
    },
  ],
  [
    "HTTP/2",
    (server) => server.withHttp2(),
    (port) => {
      const session = connectHttp2(`http://127.0.0.1:${port}`).on("error", () => {});
      session.request().on("error", () => {});
    },
  ],
  [
    "HTTP/2 over TLS",
    (server) => server.withHttp2().withTls(testTls()),
    (port) => {
      const options = { rejectUnauthorized: false };
      const session = connectHttp2(`https://127.0.0.1:${port}`, options).on("error", () => {});
      session.request().on("error", () => {});
    },
  ],
];

// Who cleans up after it closes what a handler needs that is told now to end.
test.each(CLIENTS)(
  "signals of requests that are cut off are aborted before closed: %s",
  async (_, set, ask) => {
    const events: string[] = [];
    const root = new Resource("/").setHandlerFor(
      _get.to(({ signal }) => {
        events.push("begun");
        signal.addEventListener("abort", () => events.push("aborted"));
        return new Promise<string>(() => {});
      }),
    );
    const server = set(new Server().withLogger(new MemoryLogger()).withGracefulShutdown(50));
    const handle = await server.serve(root.intoService(), "127.0.0.1:0");
    await ask(handle.address.port);
    await expect.poll(() => events).toEqual(["begun"]);
    await handle.close();
    events.push("closed");
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(events).toEqual(["begun", "aborted", "closed"]);
  },
);
