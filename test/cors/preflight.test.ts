import {
  _delete,
  _get,
  _method,
  _options,
  _put,
  _requestPasser,
  _requestReceiver,
  _wildcardMethod,
  around,
  Resource,
  ResponseError,
  Router,
  type Service,
} from "argania";
import { CorsLayer, type CorsOptions } from "argania/middleware";
import { describe, expect, test } from "vitest";

const GOOD = "https://good.example";
const VARY = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers";
let runs = 0;

const guard = around(() => {
  runs++;
  throw new ResponseError(401);
});

function tree(): Resource {
  const root = new Resource("/");
  const run = () => `${runs++}`;
  root
    .subresource("/item")
    .addLayerTo(_requestReceiver(guard))
    .setHandlerFor(_get.to(run), _put.to(run), _method("LOCK").to(run));
  root.subresource("/app *").setHandlerFor(_get.to(run), _delete.to(run));
  root.subresource("/anything").setHandlerFor(_get.to(run), _wildcardMethod.to(run));
  root.subresource("/own").setHandlerFor(_options.to(run));
  return root;
}

function site(options: CorsOptions): Service {
  const router = new Router().addLayerTo(_requestPasser([new CorsLayer(options), guard]));
  router.addResource(tree());
  return router.intoService();
}

async function preflight(service: Service, path = "/item", headers: Record<string, string | undefined> = {}) {
  runs = 0;
  const all = { origin: GOOD, "access-control-request-method": "PUT", ...headers };
  const present = Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== undefined);
  const response = await service.request(path, { method: "OPTIONS", headers: present });
  const answered = { ...Object.fromEntries(response.headers), status: response.status, runs };
  expect((await response.text()) === "").toBe(response.status === 204);
  return answered as Record<string, unknown>;
}

const OPTIONS: CorsOptions = { origins: GOOD };
const REFUSED = { status: 204, runs: 0, vary: VARY };

describe("a preflight", () => {
  test("is answered before any guard, with the methods of the resource", async () => {
    expect(await preflight(site(OPTIONS))).toEqual({
      status: 204,
      runs: 0,
      vary: VARY,
      "access-control-allow-origin": GOOD,
      "access-control-allow-methods": "GET, HEAD, PUT, LOCK",
    });
  });

  test.each([
    ["/item/", "GET, HEAD, PUT, LOCK"],
    ["/app/deep/below", "PUT"],
    ["/app", "GET, HEAD, DELETE"],
    ["/anything", "PUT"],
    ["/nowhere", "PUT"],
    ["/own", "OPTIONS"],
  ])("of %s allows %s", async (path, methods) => {
    expect(await preflight(site(OPTIONS), path)).toMatchObject({
      status: 204,
      runs: 0,
      "access-control-allow-methods": methods,
    });
  });

  test("with all options", async () => {
    const service = site({
      origins: GOOD,
      methods: ["PUT", "LOCK"],
      allowedHeaders: ["X-A", "Authorization"],
      exposedHeaders: ["X-B"],
      credentials: true,
      maxAge: 600,
      privateNetwork: true,
    });
    const asks = {
      "access-control-request-headers": "x-z",
      "access-control-request-private-network": "true",
    };
    expect(await preflight(service, "/item", asks)).toEqual({
      status: 204,
      runs: 0,
      vary: VARY,
      "access-control-allow-origin": GOOD,
      "access-control-allow-credentials": "true",
      "access-control-allow-methods": "PUT, LOCK",
      "access-control-allow-headers": "X-A, Authorization",
      "access-control-max-age": "600",
      "access-control-allow-private-network": "true",
    });
    expect(await preflight(service)).not.toHaveProperty("access-control-allow-private-network");
    expect(await preflight(site(OPTIONS), "/item", asks)).not.toHaveProperty(
      "access-control-allow-private-network",
    );
  });

  test("of everybody", async () => {
    const service = site({ origins: "*", methods: "*", allowedHeaders: "*", maxAge: 0 });
    expect(await preflight(service, "/item", { origin: "https://evil.example" })).toEqual({
      status: 204,
      runs: 0,
      vary: "Access-Control-Request-Method, Access-Control-Request-Headers",
      "access-control-allow-origin": "*",
      "access-control-allow-methods": "*",
      "access-control-allow-headers": "*",
      "access-control-max-age": "0",
    });
  });

  test("is refused without a word to go on with", async () => {
    expect(await preflight(site(OPTIONS), "/item", { origin: "https://evil.example" })).toEqual(REFUSED);
    expect(await preflight(site(OPTIONS), "/item", { origin: "null" })).toEqual(REFUSED);
  });

  test("waits for a function that takes its time", async () => {
    const origins = async (origin: string) => origin === GOOD;
    expect(await preflight(site({ origins }))).toMatchObject({ "access-control-allow-origin": GOOD });
    expect(await preflight(site({ origins }), "/item", { origin: "https://a.example" })).toEqual(REFUSED);
  });

  test("an empty list allows nothing more than browsers do anyway", async () => {
    const answer = await preflight(site({ origins: GOOD, methods: [], allowedHeaders: [] }), "/item", {
      "access-control-request-headers": "x-a",
    });
    expect(answer["access-control-allow-methods"]).toBe("");
    expect(answer).not.toHaveProperty("access-control-allow-headers");
  });
});

describe("requested headers", () => {
  const asked = async (headers: string) =>
    (await preflight(site(OPTIONS), "/item", { "access-control-request-headers": headers }))[
      "access-control-allow-headers"
    ];

  test.each(["x-a", "authorization,content-type, x-a", "x-a,\tx-b", "*"])(
    "%j are sent back",
    async (headers) => {
      expect(await asked(headers)).toBe(headers);
    },
  );

  test.each([
    "x-a: y",
    "x-a;x-b",
    "x(a)",
    '"x-a"',
    "\u00e9",
    "<script>",
    "x,".repeat(3_000),
    "x".repeat(5_000),
  ])("%.20j are not", async (headers) => {
    expect(await asked(headers)).toBeUndefined();
  });
});

describe("what is no preflight goes on", () => {
  test.each([
    ["without Access-Control-Request-Method", { "access-control-request-method": undefined }],
    ["without Origin", { origin: undefined }],
  ])("OPTIONS %s", async (_, headers) => {
    expect(await preflight(site(OPTIONS), "/item", headers)).toMatchObject({ status: 401, runs: 1 });
  });

  test("another method with all its headers", async () => {
    const headers = { origin: GOOD, "access-control-request-method": "PUT" };
    expect((await site(OPTIONS).request("/item", { headers })).status).toBe(401);
  });

  test.each(["", "P UT", "PUT, GET", "PUT\u00a0", "(PUT)", "P".repeat(65)])(
    "a method that is none, %.10j, is allowed nothing",
    async (method) => {
      expect(await preflight(site(OPTIONS), "/item", { "access-control-request-method": method })).toEqual(
        REFUSED,
      );
    },
  );
});
