import { _get, _requestReceiver, around, html, json, LightResponse, Resource, ResponseError } from "argania";
import {
  ConditionalRequestsLayer,
  type CspDirectives,
  type CspOptions,
  cspNonce,
  SecurityHeadersLayer,
  type SecurityHeadersOptions,
} from "argania/middleware";
import { describe, expect, test } from "vitest";

function site(options: SecurityHeadersOptions) {
  const root = new Resource("/");
  root.addLayerTo(_requestReceiver([new SecurityHeadersLayer(options), new ConditionalRequestsLayer()]));
  root.setHandlerFor(_get.to((context) => html(`${cspNonce(context)} ${cspNonce(context)}`)));
  root.subresource("/data").setHandlerFor(_get.to(() => json({})));
  root.subresource("/refused").setHandlerFor(
    _get.to((context) => {
      throw new ResponseError(403, cspNonce(context));
    }),
  );
  root
    .subresource("/dated")
    .setHandlerFor(_get.to((context) => new LightResponse(cspNonce(context), { headers: { etag: '"1"' } })));
  return root.intoService();
}

const only = (directives: CspDirectives): CspOptions => ({ useDefaults: false, directives });
const NONCED = only({ "script-src": ["'self'", "'nonce'"], "style-src": ["'nonce'"], "img-src": ["*"] });

async function policyOf(options: SecurityHeadersOptions, path = "/data"): Promise<string | null> {
  return (await site(options).request(path)).headers.get("content-security-policy");
}

describe("directives", () => {
  test.each<[CspDirectives, string]>([
    [{ "default-src": [] }, "default-src 'none'"],
    [
      { "script-src": ["'strict-dynamic'", "'sha256-AbC+/=='"] },
      "script-src 'strict-dynamic' 'sha256-AbC+/=='",
    ],
    [
      { "connect-src": ["https:", "wss://*.a.example:*", "a.example/x?y"] },
      "connect-src https: wss://*.a.example:* a.example/x?y",
    ],
    [{ sandbox: true }, "sandbox"],
    [{ sandbox: ["allow-scripts", "allow-forms"] }, "sandbox allow-scripts allow-forms"],
    [{ "upgrade-insecure-requests": true }, "upgrade-insecure-requests"],
    [{ "require-trusted-types-for": ["'script'"] }, "require-trusted-types-for 'script'"],
    [{ "trusted-types": ["a", "'allow-duplicates'"] }, "trusted-types a 'allow-duplicates'"],
    [{ "report-to": "csp" }, "report-to csp"],
    [{ "report-uri": ["/a", "https://b.example/c"] }, "report-uri /a https://b.example/c"],
    [{ "img-src": false, "object-src": ["'none'"] }, "object-src 'none'"],
  ])("%j", async (directives, text) => {
    expect(await policyOf({ contentSecurityPolicy: only(directives) })).toBe(text);
  });

  test("are put over the defaults", async () => {
    const contentSecurityPolicy: CspOptions = {
      directives: { "script-src": ["'self'", "https://cdn.example"], "style-src": false, "font-src": ["*"] },
    };
    expect(await policyOf({ contentSecurityPolicy })).toBe(
      "default-src 'self'; base-uri 'self'; font-src *; form-action 'self'; frame-ancestors 'self'; " +
        "img-src 'self' data:; object-src 'none'; script-src 'self' https://cdn.example; script-src-attr 'none'",
    );
  });

  test("insecure requests are upgraded over HTTPS, unless told otherwise", async () => {
    const asked = async (value: boolean) => {
      const directives = { "default-src": ["*"], "upgrade-insecure-requests": value };
      const service = site({ contentSecurityPolicy: { directives } });
      return (await service.request("https://a.example/data")).headers.get("content-security-policy");
    };
    expect(await asked(false)).not.toContain("upgrade");
    expect(await asked(true)).toContain("; upgrade-insecure-requests");
  });
});

describe("a nonce", () => {
  const nonced = { contentSecurityPolicy: NONCED };

  test("is one for a request, and in the directives that ask for it", async () => {
    const response = await site(nonced).request("/");
    const [nonce = "", again] = (await response.text()).split(" ");
    expect(nonce).toMatch(/^[A-Za-z\d+/]{24}$/);
    expect(again).toBe(nonce);
    expect(response.headers.get("content-security-policy")).toBe(
      `script-src 'self' 'nonce-${nonce}'; style-src 'nonce-${nonce}'; img-src *`,
    );
  });

  test("is never the same twice", async () => {
    const service = site(nonced);
    const nonces = await Promise.all(
      Array.from({ length: 50 }, async () => (await service.request("/")).text()),
    );
    expect(new Set(nonces).size).toBe(50);
  });

  test("is not there when nobody has asked for it", async () => {
    expect(await policyOf(nonced)).toBe("script-src 'self'; style-src 'none'; img-src *");
  });

  test.each(["script-src", "script-src-elem", "style-src", "style-src-elem", "default-src"] as const)(
    "nobody has asked for it: 'unsafe-inline' of %s, meant for browsers without nonces, is not there either",
    async (name) => {
      const contentSecurityPolicy = only({ [name]: ["'self'", "'unsafe-inline'", "'nonce'"] });
      const options: SecurityHeadersOptions = { contentSecurityPolicy };
      expect(await policyOf(options)).toBe(`${name} 'self'`);
      expect(await policyOf(options, "/nowhere")).toBe(`${name} 'self'`);
      expect(await policyOf(options, "/")).toMatch(/ 'self' 'unsafe-inline' 'nonce-.{24}'$/);
      const nothingElse = only({ [name]: ["'unsafe-inline'", "'nonce'"], "img-src": ["'unsafe-inline'"] });
      expect(await policyOf({ contentSecurityPolicy: nothingElse })).toBe(
        `${name} 'none'; img-src 'unsafe-inline'`,
      );
    },
  );

  test("is in the policy of an error page, too", async () => {
    const response = await site(nonced).request("/refused");
    const { detail } = (await response.json()) as { detail: string };
    expect(response.headers.get("content-security-policy")).toContain(`'nonce-${detail}'`);
  });

  test("is the same in both policies, and under layers that share it", async () => {
    const root = new Resource("/").setHandlerFor(_get.to((context) => cspNonce(context)));
    root.addLayerTo(
      _requestReceiver([
        new SecurityHeadersLayer({ contentSecurityPolicyReportOnly: NONCED, contentSecurityPolicy: NONCED }),
        around((context, next) => {
          cspNonce(context);
          return next();
        }),
        new SecurityHeadersLayer({ contentSecurityPolicy: only({ "default-src": ["'nonce'"] }) }),
      ]),
    );
    const response = await root.intoService().request("/");
    const nonce = await response.text();
    expect(response.headers.get("content-security-policy")).toBe(`default-src 'nonce-${nonce}'`);
    expect(response.headers.get("content-security-policy-report-only")).toContain(`'nonce-${nonce}'`);
  });

  test("a 304 says nothing of it: the page that its browser has kept holds an old one", async () => {
    const service = site(nonced);
    const fresh = await service.request("/dated");
    expect(fresh.headers.get("content-security-policy")).toContain("'nonce-");
    const kept = await service.request("/dated", { headers: { "if-none-match": '"1"' } });
    expect(kept.status).toBe(304);
    expect(kept.headers.has("content-security-policy")).toBe(false);
    expect(kept.headers.get("x-content-type-options")).toBe("nosniff");
  });

  test("a handler's own policy stays", async () => {
    const root = new Resource("/").addLayerTo(_requestReceiver(new SecurityHeadersLayer(nonced)));
    const headers = { "content-security-policy": "default-src 'none'" };
    root.setHandlerFor(_get.to((context) => new LightResponse(cspNonce(context), { headers })));
    const response = await root.intoService().request("/");
    expect(response.headers.get("content-security-policy")).toBe("default-src 'none'");
  });

  test("asked for in a stream, whose policy has been sent, is a mistake that says what to do", async () => {
    const failures: unknown[] = [];
    const root = new Resource("/").addLayerTo(_requestReceiver(new SecurityHeadersLayer(nonced)));
    root.setHandlerFor(
      _get.to(async function* (context) {
        try {
          yield cspNonce(context);
        } catch (error) {
          failures.push(error);
        }
      }),
    );
    root.subresource("/asked").setHandlerFor(
      _get.to((context) => {
        const nonce = cspNonce(context);
        const isSame = async function* () {
          yield String(cspNonce(context) === nonce);
        };
        return isSame();
      }),
    );
    const service = root.intoService();
    const late = await service.request("/");
    expect(late.headers.get("content-security-policy")).not.toContain("nonce");
    expect(await late.text()).toBe("");
    const message = expect.stringContaining("before you return the stream");
    expect(failures).toEqual([expect.objectContaining({ name: "TypeError", message })]);
    const asked = await service.request("/asked");
    expect(asked.headers.get("content-security-policy")).toContain("'nonce-");
    expect(await asked.text()).toBe("true");
  });

  test.each([
    ["without a layer", []],
    ["with a policy that has none", [new SecurityHeadersLayer()]],
  ])("%s is a mistake that the log explains", async (_, layers) => {
    const logged: unknown[] = [];
    const root = new Resource("/").addLayerTo(_requestReceiver(layers));
    root.setHandlerFor(_get.to((context) => cspNonce(context)));
    const service = root.intoService({ logger: { error: (report) => void logged.push(report) } });
    expect((await service.request("/")).status).toBe(500);
    expect(logged).toMatchObject([{ err: { message: expect.stringContaining("'nonce'") } }]);
  });
});
