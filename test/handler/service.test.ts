import {
  _connect,
  _get,
  _method,
  _mistargetedRequest,
  _post,
  _requestReceiver,
  _trace,
  _wildcardMethod,
  around,
  type ErrorReport,
  ErrorResponse,
  type Handler,
  Host,
  html,
  json,
  LightResponse,
  Resource,
  ResponseError,
  Router,
  respond,
  type Service,
} from "argania";
import { describe, expect, it } from "vitest";

const silent = { error: () => {} };

function serve(handle: Handler, logger: { error(report: ErrorReport): void } = silent): Service {
  return new Resource("/").setHandlerFor(_get.to(handle)).intoService({ logger });
}

describe("fetch", () => {
  it("answers at once what a synchronous handler returns", () => {
    const response = serve(() => "now").fetch(new Request("http://a/"));
    expect(response).toBeInstanceOf(Response);
    expect(response).not.toBeInstanceOf(LightResponse);
  });

  it("answers at once what fails at once", () => {
    const { fetch } = serve(() => {
      throw new ResponseError(403);
    });
    expect((fetch(new Request("http://a/")) as Response).status).toBe(403);
    expect((fetch(new Request("http://a/none")) as Response).status).toBe(404);
    expect((fetch(new Request("http://a/%zz")) as Response).status).toBe(400);
  });

  it("promises what a handler promises", async () => {
    const response = serve(async () => "later").fetch(new Request("http://a/"));
    expect(response).toBeInstanceOf(Promise);
    expect(await (await response).text()).toBe("later");
  });

  it("awaits any thenable, a minimal one as well", async () => {
    // biome-ignore lint/suspicious/noThenProperty: a thenable is what is tested
    const minimal = { then: (resolve: (value: string) => void) => resolve("thenable") };
    const response = await serve(() => minimal).fetch(new Request("http://a/"));
    expect([response.status, await response.text()]).toEqual([200, "thenable"]);
  });

  it("can be passed on without its service", async () => {
    const { fetch, request } = serve(() => "x");
    expect(await (await fetch(new Request("http://a/"))).text()).toBe("x");
    expect(await (await request("/")).text()).toBe("x");
  });

  it("goes by the host of the URL, not by the header", async () => {
    const router = new Router();
    router.addHost(new Host("a.example", new Resource("/").setHandlerFor(_get.to(({ host }) => host))));
    const { fetch } = router.intoService({ logger: silent });
    const headers = { host: "a.example" };
    expect((await fetch(new Request("http://b.example/", { headers }))).status).toBe(404);
    expect(await (await fetch(new Request("http://A.example:80/"))).text()).toBe("a.example");
  });
});

class Misbehaving extends ErrorResponse {
  readonly code = "MISBEHAVING";
  readonly status = 400;
  readonly #render: () => LightResponse;
  constructor(render: () => LightResponse) {
    super();
    this.#render = render;
  }
  override intoResponse(): LightResponse {
    return this.#render();
  }
}

const withStatus = (status: number) => Object.assign(new LightResponse("x"), { status });
const used = () => {
  const response = new LightResponse("x");
  response.takePayload();
  return response;
};

describe("whatever a handler does, fetch and request never reject", () => {
  const failing: readonly (readonly [string, () => unknown])[] = [
    ["throws an Error", () => Promise.reject(new Error("secret"))],
    ["throws null", () => Promise.reject(null)],
    ["returns a function", () => () => {}],
    ["returns a symbol", () => Symbol("s")],
    ["returns a response that was read", used],
    ["returns a status of no response", () => 999],
    ["sets a status of no response", () => withStatus(999)],
    ["has a malformed status text", () => new LightResponse(null, { statusText: "a\r\nb" })],
    ["throws an error that renders a used response", () => Promise.reject(new Misbehaving(used))],
    ["throws an error that renders status 999", () => Promise.reject(new Misbehaving(() => withStatus(999)))],
  ];

  it.each(failing)("when it %s", async (_, make) => {
    for (const handle of [() => make() as object, async () => make() as object]) {
      const reports: ErrorReport[] = [];
      const service = serve(handle, { error: (report) => reports.push(report) });
      for (const response of [await service.fetch(new Request("http://a/")), await service.request("/")]) {
        expect(response.status).toBe(500);
        expect(await response.json()).toMatchObject({ code: "ARGANIA_INTERNAL" });
      }
      expect(reports.length).toBeGreaterThanOrEqual(2);
      expect(reports[0]).toMatchObject({ method: "GET", path: "/" });
    }
  });

  it("when the failing handler throws at once", async () => {
    const service = serve(() => {
      throw new Misbehaving(used);
    });
    expect((service.fetch(new Request("http://a/")) as Response).status).toBe(500);
  });
});

describe("HEAD", () => {
  it.each<[string, () => unknown]>([
    ["text", () => "tëxt"],
    ["JSON", () => json({ a: 1 })],
    ["bytes", () => new Uint8Array(9)],
    ["a stream", () => new Blob(["x"]).stream()],
    ["an error", () => Promise.reject(new ResponseError(404, "no"))],
    ["a length of its own", () => respond({ "content-length": "1" }, new Blob(["x"]).stream())],
  ])("has the status and headers of GET, and no body: %s", async (_, make) => {
    const service = serve(() => make() as object);
    const get = await service.request("/");
    const head = await service.request("/", { method: "HEAD" });
    expect([head.status, [...head.headers]]).toEqual([get.status, [...get.headers]]);
    expect([await head.text(), head.body]).toEqual(["", null]);
    expect((await get.text()).length).toBeGreaterThan(0);
  });
});

describe("what runtimes pass beside the request", () => {
  const show = serve((context) => json([context.peerAddress, typeof context.env]));
  const ask = async (env: unknown) => (await show.fetch(new Request("http://a/"), env)).json();

  it.each<[string, unknown, unknown]>([
    ["nothing", undefined, ["", "undefined"]],
    ["a Worker's bindings", { KV: {} }, ["", "object"]],
    ["null", null, ["", "object"]],
    ["a string", "env", ["", "string"]],
    ["Bun's server", { requestIP: () => ({ address: "1.2.3.4", port: 5 }) }, ["1.2.3.4", "object"]],
    ["Bun's server without a peer", { requestIP: () => null }, ["", "object"]],
    ["Deno's info", { remoteAddr: { transport: "tcp", hostname: "::1", port: 5 } }, ["::1", "object"]],
    ["Deno's info of a Unix socket", { remoteAddr: { transport: "unix", path: "/s" } }, ["", "object"]],
  ])("is understood: %s", async (_, env, expected) => {
    expect(await ask(env)).toEqual(expected);
  });

  it("reaches the handler as it is", async () => {
    const bindings = { answer: 42 };
    const service = serve(({ env }) => json(env === bindings));
    expect(await (await service.fetch(new Request("http://a/"), bindings)).json()).toBe(true);
  });

  it("lets background work go on, and reports its failure", async () => {
    const reports: ErrorReport[] = [];
    const waiting: Promise<unknown>[] = [];
    const service = serve(
      (context) => {
        context.waitUntil(Promise.reject(new Error("late")));
        return "x";
      },
      { error: (report) => reports.push(report) },
    );
    await service.fetch(new Request("http://a/"), {}, { waitUntil: (promise) => waiting.push(promise) });
    await expect(Promise.all(waiting)).resolves.toHaveLength(1);
    expect(reports).toEqual([{ err: new Error("late") }]);
  });
});

describe("request", () => {
  const root = new Resource("/ *").setHandlerFor([
    _get.to((context) => json([context.method, context.url.href, context.peerAddress])),
    _post.to(async (context) => json([context.method, await context.request.text()])),
    _connect.to(({ method }) => method),
    _trace.to(({ method }) => method),
    _method("LOCK").to(({ method }) => method),
    _wildcardMethod.to(({ method }) => `any ${method}`),
  ]);
  const service = root.intoService({ logger: silent });

  it("takes a path, a URL as text, and a URL", async () => {
    const ask = async (target: string | URL) =>
      ((await (await service.request(target)).json()) as string[])[1];
    expect(await ask("/a?b")).toBe("http://localhost/a?b");
    expect(await ask("https://x.example:1/a?b#c")).toBe("https://x.example:1/a?b");
    expect(await ask(new URL("http://x.example/a"))).toBe("http://x.example/a");
  });

  it.each(["CONNECT", "TRACE", "LOCK"])("can have the method %s, which fetch may not", async (method) => {
    expect(await (await service.request("/", { method })).text()).toBe(method);
  });

  it("keeps the case of a method", async () => {
    expect(await (await service.request("/", { method: "lock" })).text()).toBe("any lock");
    expect(await (await service.request("/", { method: "trace" })).text()).toBe("any trace");
  });

  it("has a body, headers, and an address", async () => {
    const response = await service.request("/", { method: "POST", body: "b", headers: [["x-a", "1"]] });
    expect(await response.json()).toEqual(["POST", "b"]);
    expect(await (await service.request("/", { remoteAddress: "9.9.9.9" })).json()).toContain("9.9.9.9");
    expect(await (await service.request("/")).json()).toContain("127.0.0.1");
  });

  it.each(["/a/../b", "/%2e%2e", "/a\\b", "/%", "*", "a", "", "/a#b"])(
    "does not fold %j before routing",
    async (path) => {
      expect((await service.request(path)).status).toBe(400);
    },
  );
});

describe("describe and toString", () => {
  const root = new Resource("/").setHandlerFor(_get.to(() => "x"));
  root.subresource("/a/{id} ?*").setHandlerFor([_get.to(() => "x"), _wildcardMethod.to(() => "x")]);
  root.setExtension(1);
  const service = root.intoService();

  it("show the tree as data", () => {
    const description = service.describe();
    expect(description).toMatchObject({
      type: "resource",
      kind: "root",
      methods: ["GET"],
      hasExtension: true,
    });
    expect(description.children[0]?.children[0]).toMatchObject({
      pattern: "{id}",
      path: "/a/{id} ?*",
      kind: "wildcard",
      symbols: "?*",
      methods: ["GET", "*"],
    });
    expect(JSON.parse(JSON.stringify(description))).toEqual(description);
  });

  it("show the tree as text, a node a line", () => {
    expect(String(service).split("\n")).toEqual([
      "/  [GET]  +extension",
      "└── /a",
      "    └── /{id}  ?*  [GET, *]",
    ]);
  });

  it("show who answers mistargeted requests, and layers by component", () => {
    const lost = new Resource("/").setHandlerFor(_mistargetedRequest.to(() => "lost"));
    lost.addLayerTo(
      _requestReceiver([
        around(async function outer(_, next) {
          return next();
        }),
        (handler) => handler,
      ]),
    );
    expect(String(lost.intoService())).toMatch(/^\/ {2}\(mistargeted requests\) .*outer > layer/);
  });

  it("show routers and hosts", () => {
    const router = new Router();
    router.addHost(new Host("a.example", new Resource("/").setHandlerFor(_get.to(() => html("")))));
    expect(String(router.intoService())).toMatch(/^router\n└── \/\/a\.example/);
  });
});
