import { createServer, type RequestListener } from "node:http";
import { type AddressInfo, connect } from "node:net";
import {
  _get,
  _head,
  _post,
  _requestReceiver,
  attempt,
  ErrorResponse,
  html,
  optional,
  RequestSignals,
  RequestSignalsLayer,
  Resource,
  ResponseError,
  respond,
  Server,
  ServiceOptionError,
} from "argania";
import { describe, expect, it } from "vitest";
import { parseRaw, rawRequest, sendRaw, withServer } from "../support/raw-http.ts";

const quiet = () => {
  const reports: unknown[] = [];
  return { reports, logger: { error: ({ err }: { err: unknown }) => void reports.push(err) } };
};

const post = (path: string, body: string, extra = "") =>
  `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-length: ${body.length}\r\nconnection: close\r\n${extra}\r\n${body}`;

describe("a client that waits", () => {
  it("is answered when a handler fails with ECONNRESET or an abort of its own, after it has read the body", async () => {
    const { reports, logger } = quiet();
    const failWith = (error: unknown) =>
      _post.to(async ({ request }) => {
        await request.text();
        await new Promise((resolve) => setTimeout(resolve, 20));
        throw error;
      });
    const root = new Resource("/");
    root.subresource("/db").setHandlerFor(failWith(Object.assign(new Error("db"), { code: "ECONNRESET" })));
    root.subresource("/abort").setHandlerFor(failWith(new DOMException("upstream", "AbortError")));
    await withServer(root.intoService({ logger }), async (port) => {
      expect(parseRaw(await sendRaw(port, post("/db", "x"))).status).toBe(500);
      expect(parseRaw(await sendRaw(port, post("/abort", "x"))).status).toBe(500);
    });
    expect(reports).toHaveLength(2);
  });

  it("is told when something else has read its body before", async () => {
    const { reports, logger } = quiet();
    const service = new Resource("/")
      .setHandlerFor(_post.to(({ request }) => request.text()))
      .intoService({ logger });
    const listener: RequestListener = async (request, response) => {
      for await (const _ of request);
      service.nodeListener(request, response);
    };
    const server = createServer(listener);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    expect(parseRaw(await sendRaw(port, post("/", "body"))).status).toBe(500);
    expect(String((reports[0] as Error).cause ?? reports[0])).toMatch(/in front of body parsers|read/);
    server.close();
  });
});

it("a body whose client has gone before it was first read fails instead of waiting for ever", async () => {
  let outcome: unknown;
  let arrived = () => {};
  const hasArrived = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const root = new Resource("/").setHandlerFor(
    _post.to(async ({ request, signal }) => {
      arrived();
      await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
      outcome = await request.text().catch((error: unknown) => error);
      return null;
    }),
  );
  await withServer(root.intoService(), async (port) => {
    const socket = connect(port, "127.0.0.1", () =>
      socket.write("POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\nhalf"),
    );
    await hasArrived;
    socket.destroy();
    await expect.poll(() => outcome).toBeInstanceOf(Error);
  });
});

it("a logger that rejects is not reported to itself", async () => {
  let calls = 0;
  const logger = {
    error: async () => {
      calls++;
      throw new Error("no disk");
    },
  };
  const root = new Resource("/").setHandlerFor(
    _get.to(() => {
      throw new Error("x");
    }),
  );
  const server = await new Server().withLogger(logger).serve(root.intoService({ logger }), "127.0.0.1:0");
  expect((await fetch(server.url)).status).toBe(500);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(calls).toBe(1);
  await server.close();
});

describe("hop-by-hop headers of a response", () => {
  const root = new Resource("/").setHandlerFor(
    _get.to(() =>
      respond(
        { connection: "keep-alive", "keep-alive": "timeout=99", "proxy-connection": "x", te: "x" },
        "hi",
      ),
    ),
  );
  root.subresource("/close").setHandlerFor(_get.to(() => respond({ connection: "close" }, "bye")));
  const service = root.intoService();

  it("are not sent: the server decides about its connections", async () => {
    await withServer(service, async (port) => {
      const { headers, body } = await rawRequest(port, "GET", "/");
      expect(headers.get("connection")).toBe("close");
      expect([headers.has("keep-alive"), headers.has("proxy-connection"), headers.has("te")]).toEqual([
        false,
        false,
        false,
      ]);
      expect(body).toBe("hi");
    });
  });

  it("may ask for the connection's end", async () => {
    await withServer(service, async (port) => {
      const answer = await sendRaw(port, "GET /close HTTP/1.1\r\nhost: x\r\n\r\n");
      expect(parseRaw(answer).headers.get("connection")).toBe("close");
    });
  });
});

describe("headers", () => {
  it("are trimmed in linear time, and hold no control characters", () => {
    const spaces = " ".repeat(200_000);
    const { headers } = respond({ "x-a": `${spaces}a${spaces}b${spaces}` }, null);
    expect(headers.get("x-a")).toBe(`a${spaces}b`);
    expect(() => headers.set("x-b", "a\x01b")).toThrow(TypeError);
    expect(() => headers.set("x-b", "a\tb é")).not.toThrow();
  });
});

describe("signals", () => {
  it("tell the 503 that the client got when the handler took too long", async () => {
    const signals = new RequestSignals();
    const seen: unknown[] = [];
    signals.requestFinished.connect(({ status }) => void seen.push(["finished", status]));
    signals.requestException.connect(({ status }) => void seen.push(["exception", status]));
    const root = new Resource("/").setHandlerFor(_get.to(() => new Promise(() => {})));
    root.addLayerTo(_requestReceiver(new RequestSignalsLayer(signals)));
    const { logger } = quiet();
    const server = await new Server()
      .withLimits({ handlerTimeout: 50 })
      .serve(root.intoService({ logger }), "127.0.0.1:0");
    expect((await fetch(server.url)).status).toBe(503);
    await expect
      .poll(() => seen)
      .toEqual([
        ["exception", 503],
        ["finished", 503],
      ]);
    await server.close();
  });

  it("do not hide an error behind that of its receiver", async () => {
    const signals = new RequestSignals();
    signals.requestException.connect(() => {
      throw new Error("receiver");
    });
    const { reports, logger } = quiet();
    const root = new Resource("/").setHandlerFor(
      _get.to(() => {
        throw new Error("original");
      }),
    );
    root.addLayerTo(_requestReceiver(new RequestSignalsLayer(signals)));
    expect((await root.intoService({ logger }).request("/")).status).toBe(500);
    const { errors } = (reports[0] as Error).cause as AggregateError;
    expect(errors.map(String).join()).toContain("original");
  });
});

it("optional and attempt do not swallow failures on the server's side", async () => {
  const broken = {
    extract: () => {
      throw new ResponseError(503);
    },
  };
  const { logger } = quiet();
  const root = new Resource("/").setHandlerFor(_get.to([optional(broken)], (user) => `user ${user}`));
  root.subresource("/a").setHandlerFor(_get.to([attempt(broken)], ({ ok }) => String(ok)));
  const service = root.intoService({ logger });
  expect((await service.request("/")).status).toBe(503);
  expect((await service.request("/a")).status).toBe(503);
});

it("an error may render itself with a web Response", async () => {
  class Page extends ErrorResponse {
    readonly code = "PAGE";
    readonly status = 404;
    override intoResponse() {
      return new Response("page", { status: 404 }) as never;
    }
  }
  const root = new Resource("/").setHandlerFor(
    _get.to(() => {
      throw new Page();
    }),
  );
  const response = await root.intoService().request("/");
  expect([response.status, await response.text()]).toEqual([404, "page"]);
});

it("a malformed Host is refused beside an absolute target, too", async () => {
  const service = new Resource("/").setHandlerFor(_get.to(() => "x")).intoService();
  await withServer(service, async (port) => {
    expect((await rawRequest(port, "GET", "http://a/", { host: "@@@" })).status).toBe(400);
    expect((await rawRequest(port, "GET", "http://a/", { host: "b" })).status).toBe(200);
  });
});

it("a slash redirect and the URL keep the path of a Connect mount", async () => {
  const root = new Resource("/");
  root.subresource("/x").setHandlerFor(_get.to(({ url }) => url.pathname));
  const service = root.intoService();
  const mounts: Readonly<Record<string, string>> = { "/mounted": "/mounted", "//evil.com": "" };
  for (const [mount, kept] of Object.entries(mounts)) {
    const server = createServer((request, response) => {
      Object.assign(request, { originalUrl: `${mount}${request.url}` });
      service.nodeListener(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    expect((await rawRequest(port, "GET", "/x/?a=b")).headers.get("location")).toBe(`${kept}/x?a=b`);
    expect((await rawRequest(port, "GET", "/x")).body).toBe(`${kept}/x`);
    server.close();
  }
});

describe("options that would be ignored are refused", () => {
  it.each([
    [{ loger: console }, /no option "loger"/],
    [{ logger: () => {} }, /error\(details, message\)/],
    [{ trustedProxies: true }, /peers/],
    [{ trustedProxies: { peers: "loopback" } }, /array/],
    [{ trustedProxies: { peers: ["loopback"], header: "Forwarded" } }, /not "Forwarded"/],
  ])("%j", (options, advice) => {
    expect(() => new Resource("/").intoService(options as never)).toThrow(ServiceOptionError);
    expect(() => new Resource("/").intoService(options as never)).toThrow(advice);
  });

  it("as are TLS without a certificate, and what is no service", async () => {
    for (const options of [undefined, {}, { cert: "x" }, { cert: undefined, key: undefined }]) {
      expect(() => new Server().withTls(options as never)).toThrow(/withTls\(\{ cert, key \}\)/);
    }
    await expect(new Server().serve(new Resource("/") as never, 0)).rejects.toThrow(/intoService\(\)/);
  });
});

it("HEAD has the headers of GET, the length of nothing included", async () => {
  const root = new Resource("/").setHandlerFor(_get.to(() => null));
  await withServer(root.intoService(), async (port) => {
    expect((await rawRequest(port, "GET", "/")).headers.get("content-length")).toBe("0");
    expect((await rawRequest(port, "HEAD", "/")).headers.get("content-length")).toBe("0");
  });
});

it("a HEAD handler of one's own is not said to have an empty GET", async () => {
  const root = new Resource("/").setHandlerFor(
    _get.to(() => html("long")),
    _head.to(() => null),
  );
  await withServer(root.intoService(), async (port) => {
    expect((await rawRequest(port, "HEAD", "/")).headers.has("content-length")).toBe(false);
  });
});
