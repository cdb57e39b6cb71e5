import { type ClientHttp2Session, type ClientHttp2Stream, connect } from "node:http2";
import { _get, Resource, Server } from "argania";
import type { EventStream } from "argania/sse";
import { onTestFinished } from "vitest";
import { RawClient } from "../server/raw-client.ts";
import { MemoryLogger, serve } from "../server/serve.ts";

/** A site whose root is a stream of events, served until the test is over. */
export interface EventSite {
  readonly port: number;
  readonly url: string;
  readonly logger: MemoryLogger;
  readonly close: () => Promise<void>;
  /** A client that has asked for the stream. */
  connect(...headers: string[]): Promise<RawClient>;
}

/** Longer than any test: what ends before that has not waited for it. */
const GRACE = 600_000;

export async function serveEvents(
  makeStream: (lastEventId: string | undefined) => EventStream | Promise<EventStream>,
  server = new Server(),
): Promise<EventSite> {
  const logger = new MemoryLogger();
  const root = new Resource("/").setHandlerFor(
    _get.to((context) => makeStream(context.header("last-event-id"))),
  );
  root.subresource("/alive").setHandlerFor(_get.to(() => "alive"));
  const { port, url, close } = await serve(root.intoService({ logger }), server.withGracefulShutdown(GRACE));
  return {
    port,
    url,
    logger,
    close,
    async connect(...headers) {
      const client = await RawClient.connect(port);
      onTestFinished(() => client.close());
      return client.get("/", ...headers);
    },
  };
}

export const never: Promise<never> = new Promise<never>(() => {});

/** What a client of HTTP/2 has got so far. */
export interface Http2Events {
  readonly session: ClientHttp2Session;
  readonly stream: ClientHttp2Stream;
  status(): number | undefined;
  received(): string;
}

export function connectHttp2(port: number): Http2Events {
  const session = connect(`http://127.0.0.1:${port}`);
  session.on("error", () => {});
  onTestFinished(() => session.destroy());
  const stream = session.request({ ":path": "/" });
  stream.on("error", () => {});
  let received = "";
  let status: number | undefined;
  stream.on("response", (headers) => {
    status = headers[":status"];
  });
  stream.on("data", (chunk: Buffer) => {
    received += chunk.toString();
  });
  return { session, stream, status: () => status, received: () => received };
}
