import {
  _get,
  _requestReceiver,
  around,
  type Handler,
  type RequestContext,
  Resource,
  ResponseError,
  respond,
  Server,
} from "argania";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";

const root = new Resource("/");
const add = (path: string, handler: Handler) => root.subresource(path).setHandlerFor(_get.to(handler));
const set = (context: RequestContext<object>) => {
  context.cookies().set("a", "1");
  return "text";
};

add("/lost/{id}", set);
add("/removed", (context) => {
  context.cookies().remove("a");
  return "text";
});
add("/signed-later", (context) => {
  const response = respond(context.cookies().set("a", "1"), "text");
  context.cookies().set("b", "2");
  return response;
});
add("/sent", (context) => respond(context.cookies().set("a", "1"), "text"));
add("/returned", (context) => context.cookies().set("a", "1"));
add("/applied", set);
add("/hooked", (context) => {
  context.beforeSend(({ headers }) => context.cookies().appendTo(headers));
  set(context);
  return "text";
});
add("/read", (context) => context.cookies().get("a") ?? "none");
add("/refused", (context) => {
  set(context);
  throw new ResponseError(401);
});
add("/failed", (context) => {
  set(context);
  throw new Error("boom");
});
root
  .subresource("/applied")
  .addLayerTo(_requestReceiver(around(async (context, next) => context.cookies().applyTo(await next()))));

const service = root.intoService({ logger: { error() {} } });
const handle = await new Server().serve(service, "127.0.0.1:0");
afterAll(() => handle.close());

let warnings: string[] = [];
beforeEach(() => {
  warnings = [];
  vi.spyOn(process, "emitWarning").mockImplementation(((message: string, options: { code: string }) => {
    warnings.push(`${options.code} ${message}`);
  }) as never);
});
afterEach(() => vi.restoreAllMocks());

describe("cookies that no response has", () => {
  it("are a warning, once for each route", async () => {
    for (const id of [1, 2, 3]) {
      expect((await service.request(`/lost/${id}`)).headers.has("set-cookie")).toBe(false);
    }
    expect(warnings).toEqual([expect.stringMatching(/^ARGANIA_UNSENT_COOKIES GET \/lost\/\{id\} changed/)]);
    expect(warnings[0]).toContain("respond(context.cookies(), body)");
  });

  it("are one over a socket, too, whether they are set or removed, or set too late", async () => {
    for (const path of ["/removed", "/signed-later"]) {
      await (await fetch(handle.url + path)).text();
      await expect.poll(() => warnings.at(-1)).toContain(`GET ${path} changed`);
    }
  });

  it.each(["/sent", "/returned", "/applied", "/hooked", "/read", "/refused", "/failed"])(
    "%s is none",
    async (path) => {
      await service.request(path);
      await (await fetch(handle.url + path)).text();
      expect(warnings).toEqual([]);
    },
  );

  it("are nobody's business in production", async () => {
    vi.stubEnv("NODE_ENV", "production");
    vi.resetModules();
    const production = await import("argania");
    const tree = new production.Resource("/");
    tree.setHandlerFor(production._get.to(set as never));
    await tree.intoService().request("/");
    vi.unstubAllEnvs();
    expect(warnings).toEqual([]);
  });
});
