import {
  _get,
  _post,
  _requestHandler,
  _requestPasser,
  _requestReceiver,
  around,
  ErrorHandlerLayer,
  LightResponse,
  Resource,
  Router,
  type ServiceOptions,
  textBody,
} from "argania";
import { CsrfError, CsrfLayer, type CsrfOptions } from "argania/middleware";
import { describe, expect, test } from "vitest";

const OWN = "http://site.example";
const SECURE = "https://site.example";
const EVIL = "https://evil.example";
let runs = 0;

function site(options?: CsrfOptions, serviceOptions?: ServiceOptions) {
  const root = new Resource("/");
  root.addLayerTo(_requestReceiver(new CsrfLayer(options)));
  root.subresource("/form").setHandlerFor(
    _get.to(() => "form"),
    _post.to(() => `${++runs}`),
  );
  root.subresource("/hook").setHandlerFor(_post.to([textBody], (text) => text));
  return root.intoService(serviceOptions);
}

interface Ask {
  readonly url?: string;
  readonly method?: string;
  readonly options?: CsrfOptions;
}

async function ask(headers: Record<string, string>, { url = OWN, method = "POST", options }: Ask = {}) {
  runs = 0;
  const { status } = await site(options).request(`${url}/form`, { method, headers });
  expect(runs).toBe(status === 200 && method === "POST" ? 1 : 0);
  return status;
}

describe("Sec-Fetch-Site decides where there is one", () => {
  test.each([
    ["same-origin", 200],
    ["none", 200],
    ["same-site", 403],
    ["cross-site", 403],
    ["SAME-ORIGIN", 403],
    ["same-origin, cross-site", 403],
    ["something new", 403],
    ["", 403],
  ])("%j: %i", async (site, status) => {
    expect(await ask({ "sec-fetch-site": site })).toBe(status);
    expect(await ask({ "sec-fetch-site": site, origin: OWN })).toBe(status);
    expect(await ask({ "sec-fetch-site": site, origin: EVIL })).toBe(status);
  });
});

describe("without it the origin is that of the request", () => {
  test.each([
    [OWN, OWN],
    ["http://SITE.example", OWN],
    [SECURE, SECURE],
    // Something in front has ended TLS, and says so to nobody.
    [SECURE, OWN],
    ["http://site.example:8080", "http://site.example:8080"],
    ["http://[::1]:8080", "http://[::1]:8080"],
    [OWN, "http://site.example:80"],
    [SECURE, "https://site.example:443"],
  ])("%s may post to %s", async (origin, url) => {
    expect(await ask({ origin }, { url })).toBe(200);
  });

  test.each([
    [EVIL, OWN],
    [OWN, SECURE],
    ["https://sub.site.example", SECURE],
    ["https://site.example:444", SECURE],
    ["http://site.example:8081", "http://site.example:8080"],
    ["http://site.example", "http://site.example:8080"],
    ["https://site.example.evil.example", SECURE],
    ["https://evilsite.example", SECURE],
    ["https://site.example@evil.example", SECURE],
    ["https://user@site.example", SECURE],
    ["https://site.example/", SECURE],
    ["https://site.example, https://evil.example", SECURE],
    ["https://site.example\u00a0", SECURE],
    ["https://site.example.", SECURE],
    ["ftp://site.example", OWN],
    ["site.example", OWN],
    ["//site.example", OWN],
    ["null", OWN],
    ["", OWN],
    ["x".repeat(10_000), OWN],
  ])("%.60s may not post to %s", async (origin, url) => {
    expect(await ask({ origin }, { url })).toBe(403);
  });

  test("a request of no browser goes on", async () => {
    expect(await ask({})).toBe(200);
    expect(await ask({ referer: `${EVIL}/` })).toBe(200);
  });
});

test.each([
  "application/x-www-form-urlencoded",
  "Application/X-WWW-Form-Urlencoded",
  "text/plain",
  "multipart/form-data; boundary=x",
  "application/json",
  "",
  "TEXT/PLAIN;charset=utf-8",
])("the type %j of a body changes nothing", async (type) => {
  expect(await ask({ origin: EVIL, "content-type": type })).toBe(403);
  expect(await ask({ origin: OWN, "content-type": type })).toBe(200);
});

test.each(["GET", "HEAD", "OPTIONS", "TRACE"])("%s is safe", async (method) => {
  const status = method === "GET" || method === "HEAD" ? 200 : 405;
  expect(await ask({ origin: EVIL, "sec-fetch-site": "cross-site" }, { method })).toBe(status);
});

test.each(["PUT", "PATCH", "DELETE", "CONNECT", "LOCK", "M-SEARCH"])("%s is not safe", async (method) => {
  expect(await ask({ origin: EVIL, "sec-fetch-site": "cross-site" }, { method })).toBe(403);
});

describe("further origins", () => {
  const PARTNER = "https://partner.example";
  const options = { origins: [PARTNER, "https://*.site.example"] };

  test("may post, whatever Sec-Fetch-Site says", async () => {
    expect(await ask({ origin: PARTNER, "sec-fetch-site": "cross-site" }, { options })).toBe(200);
    expect(await ask({ origin: "https://a.site.example" }, { options })).toBe(200);
    expect(await ask({ origin: OWN }, { options })).toBe(200);
  });

  test("others may not", async () => {
    expect(await ask({ origin: EVIL }, { options })).toBe(403);
    expect(await ask({ origin: "null" }, { options })).toBe(403);
    expect(await ask({ origin: `${PARTNER}.evil.example` }, { options })).toBe(403);
    expect(await ask({ "sec-fetch-site": "cross-site" }, { options })).toBe(403);
  });

  test("a function may decide later", async () => {
    const later: CsrfOptions = { origins: async (origin) => origin === PARTNER };
    expect(await ask({ origin: PARTNER }, { options: later })).toBe(200);
    expect(await ask({ origin: EVIL }, { options: later })).toBe(403);
  });
});

test("exempt requests go on", async () => {
  const service = site({ exempt: ({ path }) => path === "/hook" });
  const post = (path: string) =>
    service.request(path, {
      method: "POST",
      body: "x",
      headers: { origin: EVIL, "content-type": "text/plain" },
    });
  expect((await post("/hook")).status).toBe(200);
  expect((await post("/%68ook")).status).toBe(200);
  expect((await post("/form")).status).toBe(403);
  const sloppy = site({ exempt: () => "yes" as never });
  expect((await sloppy.request("/form", { method: "POST", headers: { origin: EVIL } })).status).toBe(403);
});

describe("behind a proxy", () => {
  const proxied = (headers: Record<string, string>, trusts = true) =>
    site({}, trusts ? { trustedProxies: { peers: ["10.0.0.1"], header: "x-forwarded" } } : {}).request(
      "http://inner.local/form",
      { method: "POST", remoteAddress: "10.0.0.1", headers },
    );
  const forwarded = { "x-forwarded-proto": "https", "x-forwarded-host": "site.example" };

  test("the scheme and host that it tells count when it is trusted", async () => {
    expect((await proxied({ ...forwarded, origin: SECURE })).status).toBe(200);
    expect((await proxied({ ...forwarded, origin: OWN })).status).toBe(403);
    expect((await proxied({ ...forwarded, origin: "http://inner.local" })).status).toBe(403);
  });

  test("and not when it is not", async () => {
    expect((await proxied({ ...forwarded, origin: SECURE }, false)).status).toBe(403);
  });
});

describe("the refusal", () => {
  test("says what it is, and no more", async () => {
    const response = await site().request("/form", { method: "POST", headers: { origin: EVIL } });
    expect(await response.json()).toEqual({
      type: "about:blank",
      title: "Forbidden",
      detail: "Pages of other origins may not send this request.",
      status: 403,
      code: "ARGANIA_CSRF",
    });
  });

  test("can be caught", async () => {
    const root = new Resource("/").setHandlerFor(_post.to(() => "done"));
    const pages = new ErrorHandlerLayer((error) => (error instanceof CsrfError ? "Reload the page." : 500));
    root.addLayerTo(_requestReceiver([pages, new CsrfLayer()]));
    const response = await root.intoService().request("/", { method: "POST", headers: { origin: EVIL } });
    expect(await response.text()).toBe("Reload the page.");
  });
});

test("on a passer, a handler and a router", async () => {
  const layer = new CsrfLayer();
  const tree = () => {
    const root = new Resource("/").setHandlerFor(_post.to(() => "done"));
    root.subresource("/x").setHandlerFor(_post.to(() => "done"));
    return root;
  };
  const refused = { method: "POST", headers: { origin: EVIL } };
  const passer = tree().addLayerTo(_requestPasser(layer)).intoService();
  expect((await passer.request("/x", refused)).status).toBe(403);
  expect((await passer.request("/", refused)).status).toBe(200);
  const handler = tree().addLayerTo(_requestHandler(layer)).intoService();
  expect((await handler.request("/", refused)).status).toBe(403);
  expect((await handler.request("/x", refused)).status).toBe(200);
  const router = new Router().addLayerTo(_requestPasser(layer));
  router.addResource(tree());
  expect((await router.intoService().request("/nowhere", refused)).status).toBe(403);
});

test("nothing is promised where nothing has to be waited for", async () => {
  let result: unknown;
  const spy = around((_, next) => {
    result = next();
    return result as LightResponse;
  });
  const root = new Resource("/").setHandlerFor(_post.to(() => "done"));
  root.addLayerTo(_requestReceiver([spy, new CsrfLayer({ origins: ["https://a.example"] })]));
  await root.intoService().request("/", { method: "POST", headers: { origin: "https://a.example" } });
  expect(result).toBeInstanceOf(LightResponse);
});
