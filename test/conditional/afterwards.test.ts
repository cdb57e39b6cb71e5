import {
  _get,
  _put,
  _requestReceiver,
  around,
  html,
  json,
  LightResponse,
  Resource,
  ResponseError,
  respond,
  withTrailers,
} from "argania";
import { ConditionalRequestsLayer, type ConditionalRequestsOptions } from "argania/middleware";
import { describe, expect, test } from "vitest";

const DATE = "Sun, 06 Nov 1994 08:49:37 GMT";
const LATER = "Sun, 06 Nov 1994 08:49:38 GMT";

let released = 0;
async function* stream(): AsyncGenerator<string> {
  try {
    yield "streamed";
  } finally {
    released++;
  }
}

function site(options?: ConditionalRequestsOptions) {
  const root = new Resource("/");
  root.addLayerTo(_requestReceiver(new ConditionalRequestsLayer(options)));
  root.subresource("/json").setHandlerFor(
    _get.to(() => respond({ "cache-control": "no-cache", vary: "accept" }, json({ a: 1 }))),
    _put.to(() => json({ a: 2 })),
  );
  root.subresource("/bytes").setHandlerFor(_get.to(async () => new Uint8Array([1, 2, 3])));
  root.subresource("/own").setHandlerFor(_get.to(() => respond({ etag: 'W/"v1"' }, html("<p>1</p>"))));
  root
    .subresource("/dated")
    .setHandlerFor(_get.to(() => respond({ "last-modified": DATE }, new LightResponse(stream()))));
  root.subresource("/stream").setHandlerFor(_get.to(() => stream()));
  root.subresource("/empty").setHandlerFor(_get.to(() => null));
  root
    .subresource("/partial")
    .setHandlerFor(_get.to(() => respond(206, { etag: '"v1"', "content-range": "bytes 0-0/2" }, "a")));
  root.subresource("/none").setHandlerFor(_get.to(() => 204));
  root.subresource("/created").setHandlerFor(_get.to(() => respond(201, "made")));
  root.subresource("/missing").setHandlerFor(
    _get.to(() => {
      throw new ResponseError(404);
    }),
  );
  return root.intoService();
}

const get = (path: string, headers: Record<string, string> = {}, options?: ConditionalRequestsOptions) =>
  site(options).request(path, { headers });

describe("entity-tags", () => {
  test.each(["/json", "/bytes"])("%s gets one of its bytes", async (path) => {
    const first = await get(path);
    const etag = first.headers.get("etag") as string;
    expect(etag).toMatch(/^"[\w+/]{27}"$/);
    expect((await get(path)).headers.get("etag")).toBe(etag);
    const head = await site().request(path, { method: "HEAD" });
    expect(head.headers.get("etag")).toBe(etag);
    expect((await first.arrayBuffer()).byteLength).toBeGreaterThan(0);
  });

  test("different bytes have different ones", async () => {
    const [one, other] = await Promise.all([get("/json"), get("/bytes")]);
    expect(one.headers.get("etag")).not.toBe(other.headers.get("etag"));
  });

  test("weak ones, or none, where told so", async () => {
    expect((await get("/json", {}, { etag: "weak" })).headers.get("etag")).toMatch(/^W\/"[\w+/]{27}"$/);
    expect((await get("/json", {}, { etag: false })).headers.get("etag")).toBeNull();
  });

  test("one's own stays", async () => {
    expect((await get("/own")).headers.get("etag")).toBe('W/"v1"');
  });

  test.each(["/stream", "/empty", "/created", "/missing"])("%s gets none", async (path) => {
    expect((await get(path)).headers.get("etag")).toBeNull();
  });
});

describe("304", () => {
  test("has the headers of the response but for those of its bytes", async () => {
    const etag = (await get("/json")).headers.get("etag") as string;
    const response = await get("/json", { "if-none-match": `"other", ${etag}` });
    expect(response.status).toBe(304);
    expect(Object.fromEntries(response.headers)).toEqual({
      "cache-control": "no-cache",
      vary: "accept",
      etag,
    });
    expect(await response.text()).toBe("");
  });

  test.each([
    ["/own", { "if-none-match": '"v1"' }, 304],
    ["/own", { "if-none-match": "*" }, 304],
    ["/own", { "if-none-match": '"v2"' }, 200],
    ["/own", { "if-none-match": '"v2"', "if-modified-since": LATER }, 200],
    ["/dated", { "if-modified-since": DATE }, 304],
    ["/dated", { "if-modified-since": "Sun, 06 Nov 1994 08:49:36 GMT" }, 200],
    ["/created", { "if-none-match": "*" }, 201],
    ["/missing", { "if-none-match": "*" }, 404],
    // There is something: that is all that "*" asks for.
    ["/stream", { "if-none-match": "*" }, 304],
    ["/empty", { "if-none-match": "*" }, 304],
    ["/stream", { "if-none-match": '"v1"' }, 200],
    ["/partial", { "if-none-match": '"v1"' }, 304],
    ["/none", { "if-none-match": "*" }, 204],
  ])("%s with %j: %i", async (path, headers, status) => {
    expect((await get(path, headers)).status).toBe(status);
  });

  test("lets go of what it does not send", async () => {
    released = 0;
    async function* started(): AsyncGenerator<string> {
      yield* stream();
    }
    const source = started();
    await source.next();
    const service = new Resource("/")
      .addLayerTo(_requestReceiver(new ConditionalRequestsLayer()))
      .setHandlerFor(_get.to(() => respond({ etag: '"1"' }, new LightResponse(source))))
      .intoService();
    expect((await service.request("/", { headers: { "if-none-match": '"1"' } })).status).toBe(304);
    await expect.poll(() => released).toBe(1);
  });

  test("goes for HEAD, too, and without the names of trailers", async () => {
    const service = new Resource("/")
      .addLayerTo(_requestReceiver(new ConditionalRequestsLayer()))
      .setHandlerFor(_get.to(() => respond({ etag: '"1"' }, withTrailers("a", { "x-a": "b" }))))
      .intoService();
    const response = await service.request("/", { method: "HEAD", headers: { "if-none-match": '"1"' } });
    expect([response.status, response.headers.get("trailer")]).toEqual([304, null]);
  });
});

describe("412", () => {
  test.each([
    [{ "if-match": '"v9"' }, 412],
    // Weak tags never match strongly.
    [{ "if-match": 'W/"v1"' }, 412],
    [{ "if-match": "*" }, 200],
  ])("%j: %i", async (headers, status) => {
    expect((await get("/own", headers)).status).toBe(status);
  });

  // What has no tag matches none, but it is there; what is no representation has no conditions (RFC 9110 §13.2.1).
  test.each([
    ["/stream", '"v1"', 412],
    ["/empty", '"v1"', 412],
    ["/stream", "*", 200],
    ["/missing", '"v1"', 404],
    ["/missing", "*", 404],
    ["/none", '"v1"', 204],
    ["/created", '"v1"', 201],
  ])("%s with If-Match: %s: %i", async (path, tags, status) => {
    expect((await get(path, { "if-match": tags })).status).toBe(status);
  });

  test("by date, as problem details that outer layers see as an error", async () => {
    let seen: unknown;
    const root = new Resource("/").addLayerTo(
      _requestReceiver([
        around(async (_context, next) => {
          try {
            return await next();
          } catch (error) {
            seen = error;
            throw error;
          }
        }),
        new ConditionalRequestsLayer(),
      ]),
    );
    root.setHandlerFor(_get.to(() => respond({ "last-modified": LATER }, "x")));
    const response = await root.intoService().request("/", { headers: { "if-unmodified-since": DATE } });
    expect(response.status).toBe(412);
    expect(await response.json()).toMatchObject({ code: "ARGANIA_PRECONDITION_FAILED" });
    expect(seen).toMatchObject({ status: 412 });
  });
});

test("other methods are the handler's business without validators", async () => {
  const response = await site().request("/json", { method: "PUT", headers: { "if-match": '"x"' } });
  expect([response.status, response.headers.get("etag")]).toEqual([200, null]);
});
