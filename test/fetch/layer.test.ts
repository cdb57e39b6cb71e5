import {
  _get,
  _methodHandler,
  _mistargetedRequest,
  _mistargetedRequestHandler,
  _post,
  _requestHandler,
  _requestPasser,
  _requestReceiver,
  _trace,
  _wildcardMethod,
  jsonBody,
  type Layer,
  NotFoundResourceError,
  Resource,
  ResponseError,
  Router,
} from "argania";
import { type FetchMiddleware, fetchLayer } from "argania/fetch";
import { expect, test } from "vitest";
import { site } from "../testing/app.ts";
import { serve } from "./serve.ts";

const marking = (mark: string): Layer =>
  fetchLayer(async ({ url, method }, next) => {
    const response = await next();
    response.headers.append("x-seen", `${mark} ${method} ${new URL(url).pathname}`);
    return response;
  });

test("it works on every component, and on a router", async () => {
  const root = new Resource("/");
  const item = root
    .subresource("/item")
    .setHandlerFor([_get.to(() => "item"), _mistargetedRequest.to(() => "lost")]);
  root.addLayerTo(_requestPasser(marking("passer")));
  item.addLayerTo([
    _requestReceiver(marking("receiver")),
    _requestHandler(marking("handler")),
    _methodHandler("GET", marking("method")),
    _mistargetedRequestHandler(marking("mistargeted")),
  ]);
  const router = new Router().addResource(root);
  router.addLayerTo(_requestPasser(marking("router")));
  const service = router.intoService();
  const seen = async (path: string) => (await service.request(path)).headers.get("x-seen")?.split(", ");
  expect(await seen("/item")).toEqual(
    ["method", "handler", "receiver", "passer", "router"].map((mark) => `${mark} GET /item`),
  );
  expect(await seen("/item/x")).toEqual(
    ["mistargeted", "receiver", "passer", "router"].map((mark) => `${mark} GET /item/x`),
  );
  expect(JSON.stringify(service.describe())).toContain("fetchLayer");
});

const withLayer = (middleware: FetchMiddleware) =>
  site((root) => {
    root.setHandlerFor([
      _get.to(({ headers }) => headers.get("x-added") ?? "plain"),
      _post.to([jsonBody], (body, { headers, peerAddress, url }) => ({
        body,
        added: headers.get("x-added"),
        peerAddress,
        url: url.href,
      })),
    ]);
    root.subresource("/fails").setHandlerFor(
      _get.to(() => {
        throw new ResponseError(409, "inside");
      }),
    );
    root.addLayerTo(_requestReceiver(fetchLayer(middleware)));
  });

test("it answers itself, changes responses, and sees what is thrown inside", async () => {
  const own = withLayer(() => new Response("own", { status: 202 }));
  expect(await own.client().get("/").expectStatus(202).text()).toBe("own");
  const changed = withLayer(async (_, next) => {
    const response = await next();
    return new Response(`<${await response.text()}>`, { status: response.status, headers: response.headers });
  });
  expect(await changed.client().get("/").text()).toBe("<plain>");
  const caught = withLayer(async (_, next) =>
    next().catch((error: ResponseError) => new Response(error.message)),
  );
  expect(await caught.client().get("/fails").text()).toBe("inside");
  const passing = withLayer((_, next) => next());
  await passing.client().get("/fails").expectStatus(409);
  const throwing = withLayer(() => {
    throw new NotFoundResourceError();
  });
  await throwing.client().get("/").expectStatus(404);
});

test("a body is there for what is inside: cloned, replaced, or untouched", async () => {
  const seen: string[] = [];
  const cloning = withLayer(async (request, next) => {
    seen.push(await request.clone().text());
    return next();
  });
  const json = { a: 1 };
  expect(await cloning.client().post("/", { json, remoteAddress: "192.0.2.1" }).json()).toEqual({
    body: json,
    added: null,
    peerAddress: "192.0.2.1",
    url: "http://localhost/",
  });
  expect(seen).toEqual(['{"a":1}']);
  const replacing = withLayer((request, next) =>
    next(
      new Request("http://ignored.example/other", {
        method: "POST",
        headers: { "content-type": "application/json", "x-added": request.headers.get("x-a") ?? "" },
        body: '{"b":2}',
      }),
    ),
  );
  expect(
    await replacing
      .client()
      .post("/", { json, headers: { "x-a": "yes" } })
      .json(),
  ).toMatchObject({
    body: { b: 2 },
    added: "yes",
    url: "http://localhost/",
  });
  const adding = withLayer((request, next) => next(new Request(request, { headers: { "x-added": "now" } })));
  expect(await adding.client().get("/").text()).toBe("now");
  const reading = withLayer(async (request, next) => {
    await request.text();
    return next();
  });
  const { client, errors } = reading;
  await client().post("/", { json }).expectStatus(500);
  expect(errors.map(({ err }) => (err as { code: string }).code)).toEqual(["ARGANIA_BODY_ALREADY_READ"]);
});

test("over a socket, a cloned body reaches both readers", async () => {
  const { url } = await serve((root) => {
    root.setHandlerFor(_post.to(async ({ request }) => request.text()));
    root.addLayerTo(
      _requestReceiver(
        fetchLayer(async (request, next) => {
          const [copy, response] = await Promise.all([request.clone().text(), next()]);
          response.headers.set("x-length", String(copy.length));
          return response;
        }),
      ),
    );
  });
  const answer = await fetch(url, { method: "POST", body: "x".repeat(300_000) });
  expect([answer.headers.get("x-length"), (await answer.text()).length]).toEqual(["300000", 300_000]);
});

test("what cannot be meant is refused", async () => {
  expect(() => fetchLayer({} as never)).toThrow("fetchLayer takes a function");
  const nothing = withLayer((() => undefined) as never);
  await nothing.client().get("/").expectStatus(500);
  expect(nothing.errors.map(({ err }) => (err as { code: string }).code)).toEqual([
    "ARGANIA_INVALID_RESPONSE",
  ]);
  const wrong = withLayer((_, next) => next("/elsewhere" as never));
  await wrong.client().get("/").expectStatus(500);
  expect(wrong.errors.map(({ err }) => (err as Error).message)).toEqual([
    expect.stringContaining("takes a Request or nothing"),
  ]);
  await withLayer((_, next) => next())
    .client()
    .request("TRACE", "/")
    .expectStatus(405);
});

test.each<[string, string, string]>([
  ["/reads", "GET, HEAD", "its own methods"],
  ["/reads/below", "GET, HEAD", "its own methods, as a subtree handler"],
  ["/traced", "", "none that a web request can have"],
  ["/any", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS", "the usual ones, where it has all"],
])("what no web Request can have is refused at %s with Allow: %s, %s", async (path, allow) => {
  for (const target of [_requestReceiver, _requestHandler]) {
    const root = new Resource("/");
    const trace = _trace.to(() => "traced");
    root.subresource("/reads *").setHandlerFor([_get.to(() => "read"), trace]);
    root.subresource("/traced").setHandlerFor(trace);
    root.subresource("/any").setHandlerFor(_wildcardMethod.to(() => "any"));
    for (const each of ["/reads *", "/traced", "/any"]) {
      root.subresource(each).addLayerTo(target(marking("layer")));
    }
    const response = await root.intoService().request(path, { method: "TRACE" });
    expect([response.status, response.headers.get("allow")]).toEqual([405, allow]);
  }
});
