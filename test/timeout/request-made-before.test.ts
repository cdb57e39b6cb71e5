import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { _get, _post, _requestReceiver, around, Resource } from "argania";
import { TimeoutLayer } from "argania/middleware";
import { describe, expect, test } from "vitest";

const never = () => new Promise<never>(() => {});
const logger = { error() {} };
const asking = around((context, next) => {
  context.request.headers.set("x-user", "ada");
  return next();
});

function tree(outer = asking, milliseconds = 60_000): Resource {
  const root = new Resource("/");
  root.addLayerTo(_requestReceiver([outer, new TimeoutLayer(milliseconds), new TimeoutLayer(60_000)]));
  return root;
}

describe("a Request that a layer outside has asked for", () => {
  test("is not the one inside, whose signal ends with the time; that one stays as it is", async () => {
    const seen: Request[] = [];
    const outer = around((context, next) => {
      seen.push(context.request);
      return next();
    });
    const root = tree(outer, 5).setHandlerFor(
      _get.to((context) => {
        seen.push(context.request, context.request);
        return never();
      }),
    );
    expect((await root.intoService({ logger }).request("/")).status).toBe(503);
    expect(seen.map(({ signal }) => signal.aborted)).toEqual([false, true, true]);
    expect(seen[1]).toBe(seen[2]);
    expect(seen[1]?.signal.reason).toMatchObject({ name: "TimeoutError" });
  });

  const echo = () => {
    const root = tree();
    root
      .subresource("/a")
      .setHandlerFor(
        _post.to(async ({ request }) => [request.headers.get("x-user"), await request.text()].join(" ")),
      );
    return root;
  };

  test.each(["/a", "/%61?q=a"])("keeps its headers and its body, under fetch: %s", async (path) => {
    const response = await echo().intoService({ logger }).request(path, { method: "POST", body: "body" });
    expect(await response.text()).toBe("ada body");
  });

  test("keeps its headers and its body, over a socket", async () => {
    const server = createServer(echo().intoService({ logger }).nodeListener as never).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    try {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/a`;
      expect(await (await fetch(url, { method: "POST", body: "body" })).text()).toBe("ada body");
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  test.each([
    ["outside", true],
    ["inside, by the context", false],
  ])("is still there when its body has been read %s", async (_, isOutside) => {
    const outer = around(async (context, next) => {
      const { request } = context;
      if (isOutside) {
        await request.text();
      }
      return next();
    });
    const root = tree(outer).setHandlerFor(
      _post.to(async (context) => {
        if (!isOutside) {
          await new Response(context.body).text();
        }
        const { request } = context;
        return `${request.method} ${request.bodyUsed} ${request.headers.get("content-type")}`;
      }),
    );
    const headers = { "content-type": "text/x" };
    const response = await root
      .intoService({ logger })
      .request("/", { method: "POST", body: "body", headers });
    expect(await response.text()).toBe("POST true text/x");
  });
});
