import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import {
  _get,
  _post,
  type ErrorReport,
  ErrorResponse,
  type Handler,
  LightResponse,
  NotFoundResourceError,
  Resource,
  ResponseError,
  type Service,
} from "argania";
import { describe, expect, it } from "vitest";
import { markAwaitingContinue } from "../../src/request/node-body.ts";
import { parseRaw, rawRequest, sendRaw, withServer } from "../support/raw-http.ts";

function serve(handle: Handler): { service: Service; reports: { err: unknown; message: string }[] } {
  const reports: { err: unknown; message: string }[] = [];
  const logger = { error: ({ err }: ErrorReport, message: string) => void reports.push({ err, message }) };
  return { service: new Resource("/").setHandlerFor(_get.to(handle)).intoService({ logger }), reports };
}

class Misbehaving extends ErrorResponse {
  readonly code = "MISBEHAVING";
  readonly status = 503;
  readonly #render: () => LightResponse;
  constructor(render: () => LightResponse) {
    super();
    this.#render = render;
  }
  override intoResponse(): LightResponse {
    return this.#render();
  }
}

const used = () => {
  const response = new LightResponse("x");
  response.takePayload();
  return response;
};

async function* failingStream() {
  yield "half";
  throw new Error("disk failed");
}

/** Runs `listener` in a server while `use` runs. */
async function withListener<T>(
  listener: RequestListener,
  use: (port: number) => Promise<T>,
  onExpectContinue: RequestListener = listener,
): Promise<T> {
  const server = createServer(listener).on("checkContinue", onExpectContinue);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    return await use((server.address() as AddressInfo).port);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

describe("the node listener", () => {
  it.each<[string, Handler]>([
    ["throws", () => Promise.reject(new Error("secret"))],
    ["returns garbage", () => Symbol("s") as unknown as object],
    ["returns a response that was read", used],
    ["sets a status that Node refuses", () => Object.assign(new LightResponse("x"), { status: 1_000 })],
    ["throws an error that renders a used response", () => Promise.reject(new Misbehaving(used))],
  ])("answers 500 when a handler %s, and stays", async (_, handle) => {
    const { service, reports } = serve(handle);
    await withServer(service, async (port) => {
      for (let count = 0; count < 2; count++) {
        const { status, body } = await rawRequest(port, "GET", "/");
        expect([status, JSON.parse(body).code]).toEqual([500, "ARGANIA_INTERNAL"]);
      }
    });
    expect(reports.length).toBeGreaterThanOrEqual(2);
  });

  it("breaks a response off when the stream of an error fails, and nothing else", async () => {
    const { service, reports } = serve(() => {
      throw new Misbehaving(() => new LightResponse(failingStream(), { status: 503 }));
    });
    await withServer(service, async (port) => {
      const half = await sendRaw(port, "GET / HTTP/1.1\r\nhost: a\r\n\r\n").catch(String);
      expect(half).not.toContain("\r\n0\r\n\r\n");
      expect((await rawRequest(port, "GET", "/none")).status).toBe(404);
    });
    expect(reports.map(({ message }) => message)).toEqual(["A request failed", "A response failed half-way"]);
  });

  it("breaks a response off when its stream fails, and says so once", async () => {
    const { service, reports } = serve(() => failingStream());
    await withServer(service, async (port) => {
      const half = await sendRaw(port, "GET / HTTP/1.1\r\nhost: a\r\n\r\n").catch(String);
      expect(half).not.toContain("\r\n0\r\n\r\n");
    });
    expect(reports).toEqual([{ err: new Error("disk failed"), message: "A response failed half-way" }]);
  });

  it("has no way left when even the plain 500 cannot be written: it breaks off and says so", async () => {
    const { service, reports } = serve(() => "x");
    await withListener(
      (request, response) => {
        response.writeHead = () => {
          throw new Error("no more heads");
        };
        service.nodeListener(request, response);
      },
      async (port) =>
        expect(await sendRaw(port, "GET / HTTP/1.1\r\nhost: a\r\n\r\n").catch(() => "")).toBe(""),
    );
    expect(reports.at(-1)?.message).toBe("An error response failed");
  });

  it("awaits any thenable, and takes only its first answer", async () => {
    const { service, reports } = serve(() => ({
      // biome-ignore lint/suspicious/noThenProperty: a thenable is what is tested
      then: (resolve: (value: string) => void, reject: (error: Error) => void) => {
        resolve("first");
        resolve("second");
        reject(new Error("third"));
      },
    }));
    await withServer(service, async (port) => {
      expect((await rawRequest(port, "GET", "/")).body).toBe("first");
    });
    expect(reports).toEqual([]);
  });

  it("answers HEAD with the head of GET", async () => {
    await withServer(serve(() => "tëxt").service, async (port) => {
      const get = await rawRequest(port, "GET", "/");
      const head = await rawRequest(port, "HEAD", "/");
      expect([head.status, head.headers.get("content-length"), head.body]).toEqual([
        200,
        get.headers.get("content-length"),
        "",
      ]);
    });
  });
});

describe("a client that waits to be told to go on with its body", () => {
  const head = "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\nexpect: 100-continue\r\n";

  /** The answer of a server that leaves `100 Continue` to the first read of the body. */
  async function ask(handle: Handler, request: string): Promise<string> {
    const { nodeListener } = new Resource("/").setHandlerFor(_post.to(handle)).intoService();
    return withListener(
      nodeListener,
      (port) => sendRaw(port, request),
      (request, response) => {
        markAwaitingContinue(request);
        nodeListener(request, response);
      },
    );
  }

  it("is told so when a handler reads it", async () => {
    const raw = await ask(({ request }) => request.text(), `${head}connection: close\r\n\r\nab`);
    expect(raw).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n[\s\S]*ab$/);
  });

  it("gets its answer and a closed connection when nobody does", async () => {
    const raw = await ask(() => "no need", `${head}\r\n`);
    expect(raw).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*connection: close\r\n[\s\S]*no need$/i);
  });
});

describe("a limit for handlers", () => {
  it("answers 503, aborts the signal, and lets the late result go", async () => {
    let release = (_: string) => {};
    const late = new Promise<string>((resolve) => {
      release = resolve;
    });
    const reasons: unknown[] = [];
    const { service, reports } = serve(({ signal }) => {
      signal.addEventListener("abort", () => reasons.push((signal.reason as DOMException).name));
      return late;
    });
    await withListener(service.createNodeListener({ handlerTimeout: 5 }), async (port) => {
      expect((await rawRequest(port, "GET", "/")).status).toBe(503);
      release("too late");
      await late;
      expect((await rawRequest(port, "GET", "/none")).status).toBe(404);
    });
    expect(reasons).toEqual(["TimeoutError"]);
    expect(reports).toHaveLength(1);
  });

  it("leaves a handler alone that answers in time, whichever way", async () => {
    for (const handle of [async () => "in time", () => Promise.reject(new ResponseError(409, "in time"))]) {
      const { service, reports } = serve(handle);
      await withListener(service.createNodeListener({ handlerTimeout: 60_000 }), async (port) => {
        expect((await rawRequest(port, "GET", "/", { accept: "text/plain" })).body).toBe("in time");
      });
      expect(reports).toEqual([]);
    }
  });
});

describe("as a Connect middleware", () => {
  async function ask(service: Service, target: string, method = "GET") {
    const calls: unknown[][] = [];
    const response = await withListener(
      (request, response) =>
        service.nodeListener(request, response, (...values) => {
          calls.push(values);
          response.statusCode = 299;
          response.end("next");
        }),
      (port) => rawRequest(port, method, target),
    );
    return { status: response.status, body: response.body, calls };
  }

  const root = new Resource("/").setHandlerFor(_get.to(() => "ours"));
  root.subresource("/mine").setHandlerFor([
    _get.to(async () => {
      throw new NotFoundResourceError();
    }),
    _post.to(() => {
      throw new ResponseError(404, "ours, too");
    }),
  ]);
  root.subresource("/broken").setHandlerFor(
    _get.to(() => {
      throw new Error("secret");
    }),
  );
  const service = root.intoService({ logger: { error: () => {} } });

  it("passes on what no resource answers, without an error", async () => {
    expect(await ask(service, "/none")).toEqual({ status: 299, body: "next", calls: [[]] });
    expect(await ask(service, "/mine")).toEqual({ status: 299, body: "next", calls: [[]] });
  });

  it.each([
    ["/", "GET", 200],
    ["/", "POST", 405],
    ["/%zz", "GET", 400],
    ["/mine", "POST", 404],
    ["/broken", "GET", 500],
    ["/mine/", "GET", 308],
  ])("answers %s with %s itself: %d", async (target, method, status) => {
    const answer = await ask(service, target, method);
    expect([answer.status, answer.calls]).toEqual([status, []]);
  });
});

it("sendRaw and parseRaw agree with what was sent", async () => {
  const raw = await withServer(serve(() => failingless()).service, (port) =>
    sendRaw(port, "GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n"),
  );
  expect(parseRaw(raw)).toMatchObject({ status: 200, body: "whole" });
});

async function* failingless() {
  yield "who";
  yield "le";
}
