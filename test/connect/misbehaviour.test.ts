import { connect } from "node:net";
import {
  _get,
  _post,
  _requestReceiver,
  jsonBody,
  type RequestContext,
  Resource,
  ResponseError,
} from "argania";
import {
  type ConnectMiddleware,
  type ConnectResponse,
  connectErrorLayer,
  connectLayer,
} from "argania/connect";
import express from "express";
import helmet from "helmet";
import { describe, expect, it } from "vitest";
import { eventually, serveTree } from "./serve-tree.ts";

type Raw = ConnectResponse & {
  listenerCount(event: string): number;
  destroy(error?: Error): void;
  writeHead(status: number, headers?: object): unknown;
  write(chunk: string | Uint8Array, callback?: () => void): boolean;
};

const treeWith = (
  middleware: ConnectMiddleware,
  handler: (context: RequestContext) => unknown = () => "inside",
) => {
  const root = new Resource("/");
  root.addLayerTo(_requestReceiver(connectLayer(middleware)));
  root.setHandlerFor(_get.to(handler as () => string));
  return root;
};

describe("middleware that fails", () => {
  it.each<[string, ConnectMiddleware]>([
    [
      "throws",
      () => {
        throw new ResponseError(403, "refused");
      },
    ],
    [
      "rejects",
      async () => {
        throw new ResponseError(403, "refused");
      },
    ],
    ["calls next(error)", (_request, _response, next) => next(new ResponseError(403, "refused"))],
    [
      "calls next(error) later",
      (_request, _response, next) => {
        setTimeout(() => next(new ResponseError(403, "refused")), 5);
      },
    ],
    [
      "destroys its response",
      (_request, response) => (response as Raw).destroy(new ResponseError(403, "refused")),
    ],
  ])("%s: the error passes outwards", async (_, middleware) => {
    const { url } = await serveTree(treeWith(middleware));
    const response = await fetch(url);
    expect([response.status, await response.text()]).toEqual([403, expect.stringContaining("refused")]);
  });

  it("after it has handed on: the response stands, and the failure is logged", async () => {
    const { url, logged } = await serveTree(
      treeWith(async (_request, _response, next) => {
        next();
        throw new Error("too late");
      }),
    );
    expect(await (await fetch(url)).text()).toBe("inside");
    await eventually(() => logged.length === 1);
    expect((logged[0] as { err: Error }).err.message).toBe("too late");
  });

  it("in the middle of its body: the client sees that it is not whole", async () => {
    const { url } = await serveTree(
      treeWith((_request, response) => {
        response.write("half");
        setTimeout(() => (response as Raw).destroy(new Error("broken")), 20);
      }),
    );
    const response = await fetch(url);
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow();
  });
});

describe("middleware that does too much", () => {
  it.each<[string, ConnectMiddleware, string]>([
    [
      "hands on twice",
      (_request, _response, next) => {
        next();
        next();
      },
      "inside",
    ],
    [
      "answers after it has handed on",
      (_request, response, next) => {
        next();
        response.end("late");
      },
      "inside",
    ],
    [
      "answers, then hands on",
      (_request, response, next) => {
        response.end("first");
        next();
      },
      "first",
    ],
    [
      "writes after the end",
      (_request, response) => {
        response.end("first");
        response.write("more");
        response.end("more");
      },
      "first",
    ],
  ])("%s: one answer, and the process lives", async (_, middleware, expected) => {
    const { url, service } = await serveTree(treeWith(middleware));
    expect(await (await fetch(url)).text()).toBe(expected);
    expect(await (await service.request("/")).text()).toBe(expected);
  });

  it("answers while the handler is at work, whose response is let go of", async () => {
    let isReturned = false;
    const late = {
      [Symbol.asyncIterator]: () => ({
        next: async () => ({ done: false, value: "late" }),
        async return() {
          isReturned = true;
          return { done: true, value: undefined };
        },
      }),
    };
    let goOn = () => {};
    const mayGoOn = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const { url } = await serveTree(
      treeWith(
        (_request, response, next) => {
          next();
          response.end("first");
        },
        async () => {
          await mayGoOn;
          return late;
        },
      ),
    );
    expect(await (await fetch(url)).text()).toBe("first");
    expect(isReturned).toBe(false);
    goOn();
    await eventually(() => isReturned);
  });
});

describe("deadlines", () => {
  it("are answered through the middleware", async () => {
    const root = new Resource("/");
    let isClosed = false;
    const watch: ConnectMiddleware = (_request, response, next) => {
      response.on("close", () => {
        isClosed = true;
      });
      next();
    };
    root.addLayerTo(_requestReceiver(connectLayer(helmet(), watch)));
    root.setHandlerFor(_get.to(() => new Promise<string>(() => {})));
    const { url } = await serveTree(root, (server) => server.withLimits({ handlerTimeout: 50 }));
    const response = await fetch(url);
    expect([response.status, response.headers.get("x-frame-options")]).toEqual([503, "SAMEORIGIN"]);
    await response.text();
    await eventually(() => isClosed);
  });
});

describe("100 Continue", () => {
  it.each([
    ["express.json", "/express"],
    ["jsonBody behind a layer", "/own"],
  ])("is sent for %s", async (_, path) => {
    const root = new Resource("/");
    root.addLayerTo(_requestReceiver(connectLayer(helmet())));
    const parsed = _post.to(() => "parsed").wrappedIn(connectLayer(express.json()));
    root.subresource("/express").setHandlerFor(parsed);
    root.subresource("/own").setHandlerFor(_post.to([jsonBody()], () => "parsed"));
    const { url } = await serveTree(root);
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk.toString();
    });
    socket.write(
      `POST ${path} HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n`,
    );
    await eventually(() => text.startsWith("HTTP/1.1 100 Continue\r\n\r\n"));
    socket.write("{}");
    await eventually(() => text.includes("HTTP/1.1 200 OK") && text.endsWith("parsed"));
    socket.destroy();
  });
});

describe("error middleware", () => {
  it("answers what is thrown inside, hands it on, or leaves it", async () => {
    const root = new Resource("/");
    root.addLayerTo(
      _requestReceiver(
        connectErrorLayer(
          (error, _request, _response, next) => next(error),
          (error, request, response, next) => {
            if (request.url === "/on") return next(new ResponseError(409, "another"));
            if (request.url === "/left") return next();
            response.statusCode = 418;
            response.end((error as Error).message);
          },
        ),
      ),
    );
    const fail = () => {
      throw new Error("thrown");
    };
    root.subresource("/{name}").setHandlerFor(_get.to(fail));
    root.subresource("/fine").setHandlerFor(_get.to(() => "fine"));
    const service = root.intoService();
    const ask = async (path: string) => {
      const response = await service.request(path);
      return [response.status, await response.text()];
    };
    expect(await ask("/fine")).toEqual([200, "fine"]);
    expect(await ask("/here")).toEqual([418, "thrown"]);
    expect(await ask("/on")).toEqual([409, expect.stringContaining("another")]);
    expect((await ask("/left"))[0]).toBe(404);
  });
});
