import {
  _get,
  _post,
  _requestHandler,
  _requestPasser,
  _requestReceiver,
  around,
  html,
  LightResponse,
  Resource,
  ResponseError,
  Router,
  respond,
  type Service,
} from "argania";
import { SecurityHeadersLayer, type SecurityHeadersOptions } from "argania/middleware";
import { describe, expect, test } from "vitest";

const CSP =
  "default-src 'self'; base-uri 'self'; font-src 'self' data:; form-action 'self'; frame-ancestors 'self'; " +
  "img-src 'self' data:; object-src 'none'; script-src 'self'; script-src-attr 'none'; style-src 'self' 'unsafe-inline'";
const DEFAULTS = {
  "content-security-policy": CSP,
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "origin-agent-cluster": "?1",
  "referrer-policy": "strict-origin-when-cross-origin",
  "x-content-type-options": "nosniff",
  "x-dns-prefetch-control": "off",
  "x-frame-options": "SAMEORIGIN",
  "x-permitted-cross-domain-policies": "none",
};

function site(options?: SecurityHeadersOptions): Service {
  const root = new Resource("/").setHandlerFor(_get.to(() => "root"));
  root.addLayerTo(_requestReceiver(new SecurityHeadersLayer(options)));
  root.subresource("/later").setHandlerFor(_get.to(async () => html("<p>")));
  root.subresource("/web").setHandlerFor(_get.to(() => Response.json({})));
  root.subresource("/stream").setHandlerFor(
    _get.to(async function* () {
      yield "a";
    }),
  );
  root.subresource("/same").setHandlerFor(_get.to(() => new LightResponse(null, { status: 304 })));
  root.subresource("/guarded").addLayerTo(
    _requestReceiver(
      around(() => {
        throw new ResponseError(401);
      }),
    ),
  );
  root.subresource("/broken").setHandlerFor(
    _get.to(() => {
      throw new Error("secret");
    }),
  );
  root
    .subresource("/own")
    .setHandlerFor(
      _get.to(() =>
        respond(
          { "Content-Security-Policy": "default-src *", "x-frame-options": "DENY", "x-own": "1" },
          "own",
        ),
      ),
    );
  return root.intoService({ logger: { error() {} } });
}

async function securityHeaders(
  path = "/",
  options?: SecurityHeadersOptions,
): Promise<Record<string, string>> {
  const response = await site(options).request(path);
  await response.body?.cancel();
  return Object.fromEntries(
    [...response.headers].filter(
      ([name]) => !["content-type", "content-length", "location", "vary"].includes(name),
    ),
  );
}

test.each(["/", "/later", "/later/", "/web", "/stream", "/same", "/guarded", "/broken", "/nowhere"])(
  "%s has them all",
  async (path) => {
    expect(await securityHeaders(path)).toEqual(DEFAULTS);
  },
);

test("over HTTPS there are two more: they mean nothing over HTTP, or harm there", async () => {
  const { headers } = await site().request("https://site.example/");
  expect(headers.get("strict-transport-security")).toBe("max-age=31536000; includeSubDomains");
  expect(headers.get("content-security-policy")).toBe(`${CSP}; upgrade-insecure-requests`);
});

test("HTTPS is what a trusted proxy says", async () => {
  const root = new Resource("/").addLayerTo(_requestReceiver(new SecurityHeadersLayer()));
  const service = root.intoService({ trustedProxies: { peers: ["10.0.0.1"], header: "x-forwarded" } });
  const ask = async (remoteAddress: string) =>
    (await service.request("/", { remoteAddress, headers: { "x-forwarded-proto": "https" } })).headers;
  expect((await ask("10.0.0.1")).has("strict-transport-security")).toBe(true);
  expect((await ask("10.0.0.2")).has("strict-transport-security")).toBe(false);
});

test("what a handler has set itself stays", async () => {
  expect(await securityHeaders("/own")).toEqual({
    ...DEFAULTS,
    "content-security-policy": "default-src *",
    "x-frame-options": "DENY",
    "x-own": "1",
  });
});

const layered = (...layers: SecurityHeadersOptions[]) =>
  new Resource("/")
    .addLayerTo(_requestReceiver(layers.map((options) => new SecurityHeadersLayer(options))))
    .setHandlerFor(
      _get.to(() => "x"),
      _post.to(() => respond({ "x-frame-options": "DENY" }, "own")),
    )
    .intoService();

test("what an inner layer leaves out, none further out puts on", async () => {
  const off = { frameOptions: false, contentSecurityPolicy: false } as const;
  const embed = layered({ permissionsPolicy: { camera: [] } }, {}, off, { crossOriginResourcePolicy: false });
  const { headers } = await embed.request("/");
  expect(headers.has("x-frame-options")).toBe(true);
  expect(headers.has("cross-origin-resource-policy")).toBe(false);
  expect(headers.get("permissions-policy")).toBe("camera=()");
  for (const outer of [{}, { contentSecurityPolicy: { directives: { "script-src": ["'nonce'"] } } }]) {
    const service = layered(outer, {}, off);
    const sent = (await service.request("/")).headers;
    expect([sent.get("x-frame-options"), sent.get("content-security-policy")]).toEqual([null, null]);
    expect(sent.get("x-content-type-options")).toBe("nosniff");
    const own = await service.request("/", { method: "POST" });
    expect(own.headers.get("x-frame-options")).toBe("DENY");
  }
});

test("of two layers the inner one holds", async () => {
  const root = new Resource("/").addLayerTo(
    _requestReceiver([
      new SecurityHeadersLayer(),
      new SecurityHeadersLayer({ frameOptions: "DENY", referrerPolicy: false }),
    ]),
  );
  const { headers } = await root.intoService().request("/");
  expect(headers.get("x-frame-options")).toBe("DENY");
  expect(headers.has("referrer-policy")).toBe(false);
  expect(headers.get("content-security-policy")).toBe(CSP);
});

test("each can be left out", async () => {
  const off: SecurityHeadersOptions = {
    contentSecurityPolicy: false,
    contentSecurityPolicyReportOnly: false,
    crossOriginEmbedderPolicy: false,
    crossOriginOpenerPolicy: false,
    crossOriginResourcePolicy: false,
    originAgentCluster: false,
    permissionsPolicy: false,
    referrerPolicy: false,
    reportingEndpoints: false,
    strictTransportSecurity: false,
    contentTypeOptions: false,
    dnsPrefetchControl: false,
    frameOptions: false,
    permittedCrossDomainPolicies: false,
  };
  expect(await securityHeaders("/", off)).toEqual({});
  expect((await site(off).request("https://x.example/")).headers.has("strict-transport-security")).toBe(
    false,
  );
});

test("each can be set", async () => {
  const options: SecurityHeadersOptions = {
    contentSecurityPolicy: { useDefaults: false, directives: { "default-src": ["'none'"] } },
    contentSecurityPolicyReportOnly: {
      useDefaults: false,
      directives: { "script-src": [], "report-to": "csp", "report-uri": ["/reports"] },
    },
    crossOriginEmbedderPolicy: "require-corp",
    crossOriginOpenerPolicy: "same-origin-allow-popups",
    crossOriginResourcePolicy: "cross-origin",
    originAgentCluster: true,
    permissionsPolicy: { camera: [], geolocation: ["self", "https://maps.example"], fullscreen: "*" },
    referrerPolicy: ["no-referrer", "strict-origin-when-cross-origin"],
    reportingEndpoints: { csp: "https://reports.example/csp", default: "/reports" },
    strictTransportSecurity: { maxAge: 63_072_000, preload: true },
    contentTypeOptions: true,
    dnsPrefetchControl: "on",
    frameOptions: "DENY",
    permittedCrossDomainPolicies: "master-only",
  };
  expect(await securityHeaders("/", options)).toEqual({
    "content-security-policy": "default-src 'none'",
    "content-security-policy-report-only": "script-src 'none'; report-to csp; report-uri /reports",
    "cross-origin-embedder-policy": "require-corp",
    "cross-origin-opener-policy": "same-origin-allow-popups",
    "cross-origin-resource-policy": "cross-origin",
    "origin-agent-cluster": "?1",
    "permissions-policy": 'camera=(), geolocation=(self "https://maps.example"), fullscreen=*',
    "referrer-policy": "no-referrer, strict-origin-when-cross-origin",
    "reporting-endpoints": 'csp="https://reports.example/csp", default="/reports"',
    "x-content-type-options": "nosniff",
    "x-dns-prefetch-control": "on",
    "x-frame-options": "DENY",
    "x-permitted-cross-domain-policies": "master-only",
  });
  const { headers } = await site(options).request("https://x.example/");
  expect(headers.get("strict-transport-security")).toBe("max-age=63072000; includeSubDomains; preload");
});

describe("on every component", () => {
  const layer = new SecurityHeadersLayer();
  const nosniff = async (service: Service, path: string) =>
    (await service.request(path)).headers.get("x-content-type-options");

  test("a passer, a request handler and a router", async () => {
    const tree = () => {
      const root = new Resource("/").setHandlerFor(_get.to(() => "root"));
      root.subresource("/x").setHandlerFor(_get.to(() => "x"));
      return root;
    };
    const passer = tree().addLayerTo(_requestPasser(layer)).intoService();
    expect([await nosniff(passer, "/x"), await nosniff(passer, "/")]).toEqual(["nosniff", null]);
    const handler = tree().addLayerTo(_requestHandler(layer)).intoService();
    expect([await nosniff(handler, "/x"), await nosniff(handler, "/")]).toEqual([null, "nosniff"]);
    const router = new Router().addLayerTo(_requestPasser(layer)).intoService();
    expect(await nosniff(router, "/nowhere")).toBe("nosniff");
  });

  test("nothing is promised for a handler that answers at once", async () => {
    let result: unknown;
    const spy = around((_, next) => {
      result = next();
      return result as LightResponse;
    });
    const root = new Resource("/").setHandlerFor(_get.to(() => "now"));
    root.addLayerTo(_requestReceiver([spy, layer]));
    await root.intoService().request("/");
    expect(result).toBeInstanceOf(LightResponse);
  });
});
