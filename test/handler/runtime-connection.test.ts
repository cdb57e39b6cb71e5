import { _get, _post, type Handler, Resource, respond, textBody } from "argania";
import { describe, expect, it } from "vitest";

const served = (handler: Handler) => {
  return new Resource("/").setHandlerFor(_get.to(handler)).intoService({ logger: { error() {} } });
};

/** A request that tells what is asked of it besides its method and URL. */
function watchedRequest(url: string): { request: Request; touched: string[] } {
  const request = new Request(url);
  const touched: string[] = [];
  for (const name of ["signal", "headers", "body"] as const) {
    const value = request[name];
    Object.defineProperty(request, name, {
      get: () => {
        touched.push(name);
        return value;
      },
    });
  }
  return { request, touched };
}

describe("a request of a fetch runtime", () => {
  it.each([
    ["Bun", { requestIP: () => ({ address: "10.0.0.1" }) }, "10.0.0.1"],
    ["Bun, when it does not know", { requestIP: () => null }, ""],
    ["Deno", { remoteAddr: { hostname: "::1" } }, "::1"],
    ["@hono/node-server", { incoming: { socket: { remoteAddress: "::ffff:10.0.0.2" } } }, "10.0.0.2"],
    ["a runtime that tells nothing", undefined, ""],
    ["a runtime with bindings", { DB: 1 }, ""],
  ])("has the address that %s tells", async (_, env, address) => {
    const service = served((context) => context.peerAddress);
    expect(await (await service.fetch(new Request("http://a/"), env)).text()).toBe(address);
  });

  it("gives its env and what it waits for to the runtime", async () => {
    const waited: Promise<unknown>[] = [];
    const service = served((context) => {
      context.waitUntil(Promise.resolve("done"));
      return context.env as object;
    });
    const executionContext = { waitUntil: (promise: Promise<unknown>) => void waited.push(promise) };
    const response = await service.fetch(new Request("http://a/"), { a: 1 }, executionContext);
    expect(await response.json()).toEqual({ a: 1 });
    expect(await Promise.all(waited)).toEqual(["done"]);
    expect(await (await service.fetch(new Request("http://a/"), { a: 2 })).json()).toEqual({ a: 2 });
  });

  it.each([
    ["at once", () => "text"],
    ["later", async () => "text"],
  ])("is asked for nothing that nobody wants, by a handler that answers %s", async (_, handler) => {
    const { request, touched } = watchedRequest("http://a/?b");
    expect(await (await served(handler).fetch(request)).text()).toBe("text");
    expect(touched).toEqual([]);
  });

  it("is asked for its signal where somebody waits for the end", async () => {
    const { request, touched } = watchedRequest("http://a/");
    const ends: boolean[] = [];
    const service = served((context) => {
      context.afterSend(({ isComplete }) => void ends.push(isComplete));
      return "text";
    });
    await service.fetch(request);
    expect(ends).toEqual([true]);
    expect(touched).toContain("signal");
  });

  it.each([
    ["no response", () => Symbol("none") as unknown as string],
    [
      "a response that has been read",
      () => {
        const response = respond("x");
        void response.text();
        return response;
      },
    ],
  ])("gets a 500 when a handler promises %s", async (_, make) => {
    const response = await served(async () => make()).fetch(new Request("http://a/"));
    expect(response.status).toBe(500);
  });

  it("has its body read", async () => {
    const root = new Resource("/").setHandlerFor(_post.to([textBody()], (text) => text));
    const request = new Request("http://a/", {
      method: "POST",
      body: "text",
      headers: { "content-type": "text/plain" },
    });
    expect(await (await root.intoService().fetch(request)).text()).toBe("text");
  });
});

it("a response is no thenable: whoever awaits it gets it", async () => {
  const response = respond(201, "x");
  expect(await response).toBe(response);
  expect(await Promise.resolve(response)).toBe(response);
});
