import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
  _get,
  _requestPasser,
  _requestReceiver,
  around,
  type LayerFunction,
  Resource,
  ResponseError,
  Router,
  respond,
  type Service,
} from "argania";
import { afterEach, describe, expect, it } from "vitest";

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

/** Asks over a socket and in process, with the same answer. */
const WAYS: readonly (readonly [string, (service: Service, path: string) => Promise<Response>])[] = [
  ["in process", (service, path) => service.request(path)],
  [
    "over a socket",
    async (service, path) => {
      const server = createServer(service.nodeListener);
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      closers.push(
        () =>
          new Promise<void>((resolve) => {
            server.closeAllConnections();
            server.close(() => resolve());
          }),
      );
      return fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, {
        redirect: "manual",
      });
    },
  ],
];

const marked = (name: string): LayerFunction =>
  around((context, next) => {
    context.beforeSend(({ headers }) => headers.append("x-mark", name));
    return next();
  });

function app(logged: unknown[] = [], ...layers: LayerFunction[]): Service {
  const root = new Resource("/");
  root.addLayerTo(_requestReceiver([marked("outer"), marked("inner"), ...layers]));
  root.subresource("/text").setHandlerFor(_get.to(() => "text"));
  root.subresource("/later").setHandlerFor(_get.to(async () => ({ later: true })));
  root.subresource("/web").setHandlerFor(_get.to(() => Response.json({}, { headers: { "x-own": "1" } })));
  root.subresource("/stream").setHandlerFor(
    _get.to(async function* () {
      yield "a";
    }),
  );
  root.subresource("/refused").setHandlerFor(
    _get.to(() => {
      throw new ResponseError(401);
    }),
  );
  root.subresource("/broken").setHandlerFor(
    _get.to(() => {
      throw new Error("secret");
    }),
  );
  root.subresource("/unsendable").setHandlerFor(_get.to(() => new Map() as never));
  return root.intoService({ logger: { error: (details) => void logged.push(details) } });
}

describe.each(WAYS)("context.beforeSend, %s", (_, ask) => {
  it.each([
    ["/text", 200],
    ["/later", 200],
    ["/web", 200],
    ["/stream", 200],
    ["/refused", 401],
    ["/broken", 500],
    ["/unsendable", 500],
    ["/nowhere", 404],
    ["/text/", 308],
  ])("changes the answer of %s, the inner hook first", async (path, status) => {
    const response = await ask(app(), path);
    expect(response.status).toBe(status);
    expect(response.headers.get("x-mark")).toBe("inner, outer");
    await response.body?.cancel();
  });

  it("may change the status", async () => {
    const teapot = around((context, next) => {
      context.beforeSend((response) => {
        response.status = 418;
      });
      return next();
    });
    expect((await ask(app([], teapot), "/text")).status).toBe(418);
  });

  it("gives 500 for a hook that throws, and runs the others on that", async () => {
    let calls = 0;
    const failing = around((context, next) => {
      context.beforeSend(() => {
        calls++;
        throw new Error("hook");
      });
      return next();
    });
    const logged: unknown[] = [];
    const response = await ask(app(logged, failing), "/text");
    expect(response.status).toBe(500);
    expect(response.headers.get("x-mark")).toBe("inner, outer");
    expect(await response.text()).not.toContain("hook");
    expect(calls).toBe(1);
    expect(logged).toMatchObject([{ err: { message: "hook" } }]);
  });

  it("leaves an error's response as it is where its hook throws", async () => {
    const failing = around((context, next) => {
      context.beforeSend(() => {
        throw new Error("hook");
      });
      return next();
    });
    const logged: unknown[] = [];
    const response = await ask(app(logged, failing), "/refused");
    expect(response.status).toBe(401);
    expect(response.headers.get("x-mark")).toBe("inner, outer");
    expect(logged).toMatchObject([{ err: { message: "hook" } }]);
  });
});

describe.each(WAYS)("a response without a body that is the same for all requests, %s", (_, ask) => {
  it("is given to each of them without what layers add", async () => {
    const noContent = respond(204, { "x-own": "1" }, null);
    const root = new Resource("/");
    root.addLayerTo(
      _requestReceiver([
        around((context, next) => {
          context.beforeSend(({ headers }) => headers.append("set-cookie", "hook=1"));
          return next();
        }),
        around(async (_context, next) => {
          const response = await next();
          response.headers.append("set-cookie", "layer=1");
          return response;
        }),
      ]),
    );
    root.setHandlerFor(_get.to(() => noContent));
    const service = root.intoService();
    for (let times = 0; times < 3; times++) {
      const response = await ask(service, "/");
      expect(response.status).toBe(204);
      expect(response.headers.get("x-own")).toBe("1");
      expect(response.headers.getSetCookie()).toEqual(["layer=1", "hook=1"]);
    }
  });
});

describe("a router's layer", () => {
  it("reaches what no resource answers, and not what is malformed", async () => {
    const router = new Router();
    router.addLayerTo(_requestPasser(marked("router")));
    const service = router.intoService();
    expect((await service.request("/x")).headers.get("x-mark")).toBe("router");
    expect((await service.request("/%zz")).headers.get("x-mark")).toBeNull();
  });
});
