import { connect } from "node:net";
import {
  _get,
  _requestReceiver,
  around,
  ErrorHandlerLayer,
  type RequestOutcome,
  Resource,
  ResponseError,
  respond,
  Server,
} from "argania";
import { webSocketUpgrade } from "argania/websocket";
import { describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { sendRaw, withServer } from "../support/raw-http.ts";

interface Watched {
  readonly root: Resource;
  readonly outcomes: RequestOutcome[];
  next(): Promise<RequestOutcome>;
}

function watched(): Watched {
  const outcomes: RequestOutcome[] = [];
  const waiting: (() => void)[] = [];
  const root = new Resource("/");
  root.addLayerTo(
    _requestReceiver(
      around((context, next) => {
        context.afterSend((outcome) => {
          outcomes.push(outcome);
          for (const wake of waiting.splice(0)) {
            wake();
          }
        });
        return next();
      }),
    ),
  );
  let taken = 0;
  return {
    root: root as Resource,
    outcomes,
    next: async () => {
      while (outcomes.length <= taken) {
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
      return outcomes[taken++] as RequestOutcome;
    },
  };
}

const boom = new Error("boom");

async function* endless(): AsyncGenerator<string> {
  for (;;) {
    yield "x".repeat(65_536);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function* broken(): AsyncGenerator<string> {
  yield "half";
  await new Promise((resolve) => setTimeout(resolve, 20));
  throw boom;
}

function build({ root }: Watched): void {
  root.setHandlerFor(_get.to(() => "text"));
  root.subresource("/later").setHandlerFor(_get.to(async () => respond(201, "later")));
  root.subresource("/stream").setHandlerFor(_get.to(() => new Blob(["a", "b"]).stream()));
  root.subresource("/empty").setHandlerFor(_get.to(() => 204));
  root.subresource("/throws").setHandlerFor(
    _get.to(() => {
      throw boom;
    }),
  );
  root.subresource("/teapot").setHandlerFor(
    _get.to(async () => {
      throw new ResponseError(418);
    }),
  );
  root.subresource("/broken").setHandlerFor(_get.to(() => broken()));
  root.subresource("/endless").setHandlerFor(_get.to(() => endless()));
  root.subresource("/never").setHandlerFor(_get.to(() => new Promise<string>(() => {})));
}

const CASES: readonly (readonly [string, number, unknown])[] = [
  ["/", 200, undefined],
  ["/later", 201, undefined],
  ["/stream", 200, undefined],
  ["/empty", 204, undefined],
  ["/throws", 500, boom],
  ["/nowhere", 404, expect.objectContaining({ code: "ARGANIA_NOT_FOUND_RESOURCE" })],
  ["/teapot", 418, expect.objectContaining({ status: 418 })],
];

const SILENT = { logger: { error() {} } };

describe("context.afterSend", () => {
  it.each(CASES)("tells of %s over a socket, once", async (path, status, error) => {
    const site = watched();
    build(site);
    await withServer(site.root.intoService(SILENT), async (port) => {
      await sendRaw(port, `GET ${path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n`);
      expect(await site.next()).toEqual({ status, isComplete: true, error });
    });
    expect(site.outcomes).toHaveLength(1);
  });

  it.each(CASES)("tells of %s under fetch, once", async (path, status, error) => {
    const site = watched();
    build(site);
    const service = site.root.intoService(SILENT);
    for (const method of ["GET", "HEAD"]) {
      const response = await service.request(path, { method });
      expect(response.status).toBe(status);
      await response.arrayBuffer();
      expect(await site.next()).toEqual({ status, isComplete: true, error });
    }
    expect(site.outcomes).toHaveLength(2);
  });

  it("tells of a stream that fails half-way", async () => {
    const site = watched();
    build(site);
    const service = site.root.intoService(SILENT);
    await withServer(service, async (port) => {
      await sendRaw(port, "GET /broken HTTP/1.1\r\nhost: a\r\n\r\n");
      expect(await site.next()).toEqual({ status: 200, isComplete: false, error: boom });
    });
    const response = await service.request("/broken");
    await expect(response.text()).rejects.toThrow("boom");
    expect(await site.next()).toEqual({ status: 200, isComplete: false, error: boom });
  });

  it("tells of clients that go away, before and during the response", async () => {
    const site = watched();
    build(site);
    const service = site.root.intoService(SILENT);
    await withServer(service, async (port) => {
      const waiting = connect(port, "127.0.0.1", () =>
        waiting.write("GET /never HTTP/1.1\r\nhost: a\r\n\r\n"),
      );
      setTimeout(() => waiting.destroy(), 50);
      expect(await site.next()).toEqual({ status: undefined, isComplete: false, error: undefined });
      const reading = connect(port, "127.0.0.1", () =>
        reading.write("GET /endless HTTP/1.1\r\nhost: a\r\n\r\n"),
      );
      reading.once("data", () => reading.destroy());
      expect(await site.next()).toEqual({ status: 200, isComplete: false, error: undefined });
    });
    const { body } = await service.request("/endless");
    const reader = (body as ReadableStream).getReader();
    await reader.read();
    await reader.cancel();
    expect(await site.next()).toEqual({ status: 200, isComplete: false, error: undefined });
  });

  it("tells of pipelined requests each", async () => {
    const site = watched();
    build(site);
    await withServer(site.root.intoService(SILENT), async (port) => {
      await sendRaw(
        port,
        "GET / HTTP/1.1\r\nhost: a\r\n\r\nGET /later HTTP/1.1\r\nhost: a\r\n\r\nGET /empty HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n",
      );
      const statuses = [await site.next(), await site.next(), await site.next()].map(({ status }) => status);
      expect(statuses.sort()).toEqual([200, 201, 204]);
    });
  });

  it("tells of a handler that takes too long", async () => {
    const site = watched();
    build(site);
    const handle = await new Server()
      .withLimits({ handlerTimeout: 50 })
      .serve(site.root.intoService(SILENT), "127.0.0.1:0");
    try {
      expect((await fetch(`${handle.url}/never`)).status).toBe(503);
      const error = expect.objectContaining({ code: "ARGANIA_HANDLER_TIMEOUT" });
      expect(await site.next()).toEqual({ status: 503, isComplete: true, error });
    } finally {
      handle.close();
      await handle.closed;
    }
  });

  it("tells of an upgrade when it is made, not when its connection ends", async () => {
    const site = watched();
    const upgrade = webSocketUpgrade();
    site.root.subresource("/socket").setHandlerFor(
      _get.to([upgrade], (switchTo) =>
        switchTo(async (socket) => {
          for await (const message of socket) {
            await socket.send(message);
          }
        }),
      ),
    );
    await withServer(site.root.intoService(SILENT), async (port) => {
      const client = new WebSocket(`ws://127.0.0.1:${port}/socket`);
      await new Promise((resolve) => client.once("open", resolve));
      expect(await site.next()).toEqual({ status: 101, isComplete: true, error: undefined });
      client.close();
      await new Promise((resolve) => client.once("close", resolve));
    });
    expect(site.outcomes).toHaveLength(1);
  });

  it("knows nothing of errors that became responses further in", async () => {
    const site = watched();
    site.root.addLayerTo(_requestReceiver(new ErrorHandlerLayer(() => respond(409, "handled"))));
    build(site);
    await (await site.root.intoService(SILENT).request("/throws")).text();
    expect(await site.next()).toEqual({ status: 409, isComplete: true, error: undefined });
  });

  it("reports hooks that throw, and calls the others", async () => {
    const reports: unknown[] = [];
    const calls: string[] = [];
    const root = new Resource("/");
    root.setHandlerFor(
      _get.to((context) => {
        context.afterSend(() => calls.push("first"));
        context.afterSend(() => {
          throw boom;
        });
        context.afterSend(() => calls.push("last"));
        return "text";
      }),
    );
    const logger = { error: (...report: unknown[]) => reports.push(report) };
    const response = await root.intoService({ logger }).request("/");
    expect(await response.text()).toBe("text");
    expect(calls).toEqual(["last", "first"]);
    expect(reports).toEqual([[{ err: boom }, "A hook after sending failed"]]);
  });

  it("can be asked for as late as in a stream", async () => {
    const seen: RequestOutcome[] = [];
    const root = new Resource("/");
    root.setHandlerFor(
      _get.to((context) =>
        (async function* () {
          yield "a";
          context.afterSend((outcome) => seen.push(outcome));
        })(),
      ),
    );
    await withServer(root.intoService(), async (port) => {
      await sendRaw(port, "GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
    });
    expect(seen).toEqual([{ status: 200, isComplete: true, error: undefined }]);
  });
});
