import { _get, _requestReceiver, type RequestContext, Resource } from "argania";
import { type AllowedOrigins, CorsLayer, CsrfLayer } from "argania/middleware";
import { describe, expect, test } from "vitest";

/** Whether a page of an origin may read the response. */
async function isAllowed(
  origins: AllowedOrigins | "*",
  origin: string,
  credentials = false,
): Promise<boolean> {
  const root = new Resource("/").setHandlerFor(_get.to(() => "root"));
  root.addLayerTo(_requestReceiver(new CorsLayer({ origins, credentials })));
  const response = await root.intoService().request("/", { headers: { origin } });
  expect(response.status).toBe(200);
  const allowed = response.headers.get("access-control-allow-origin");
  expect([origin, "*", null]).toContain(allowed);
  return allowed !== null;
}

const EXACT = "https://good.example";
const SUBDOMAINS = "https://*.good.example";
const ANY_PORT = "http://localhost:*";
const REGEX = /^https:\/\/(?:app|www)-\d+\.good\.example$/;
const ALTERNATIVES = /^https:\/\/a\.example|https:\/\/b\.example$/;

describe("what is allowed", () => {
  test.each<[AllowedOrigins | "*", string]>([
    ["*", "https://anybody.example"],
    ["*", "null"],
    [EXACT, "https://good.example"],
    ["http://good.example:8080", "http://good.example:8080"],
    ["http://[::1]:8080", "http://[::1]:8080"],
    ["https://xn--bcher-kva.example", "https://xn--bcher-kva.example"],
    ["chrome-extension://abcdefghijklmnop", "chrome-extension://abcdefghijklmnop"],
    ["capacitor://localhost", "capacitor://localhost"],
    ["null", "null"],
    [SUBDOMAINS, "https://a.good.example"],
    [SUBDOMAINS, "https://a.b-c.good.example"],
    ["https://*.good.example:8443", "https://a.good.example:8443"],
    ["http://*.localhost:*", "http://a.localhost:5173"],
    [ANY_PORT, "http://localhost"],
    [ANY_PORT, "http://localhost:65535"],
    ["http://127.0.0.1:*", "http://127.0.0.1:1"],
    [REGEX, "https://app-7.good.example"],
    [ALTERNATIVES, "https://a.example"],
    [ALTERNATIVES, "https://b.example"],
    [/^https:\/\/.+\.good\.example$/, "https://a.good.example"],
    [[EXACT, REGEX], "https://www-12.good.example"],
    [["https://other.example", EXACT], "https://good.example"],
    [(origin: string) => origin.endsWith(".example"), "https://a.example"],
    [async (origin: string) => origin === EXACT, "https://good.example"],
    [() => true, "null"],
  ])("%s allows %s", async (origins, origin) => {
    expect(await isAllowed(origins, origin)).toBe(true);
  });

  test.each([
    "https://evil.example",
    "http://good.example",
    "https://good.example:444",
    "https://good.example:443",
    "https://good.example.",
    "https://good.example/",
    "https://good.example.evil.example",
    "https://evilgood.example",
    "https://xgood.example",
    "https://good.example@evil.example",
    "https://user@good.example",
    "https://evil.example#https://good.example",
    "https://evil.example/https://good.example",
    "https://evil.example?https://good.example",
    "https://evil.example\\good.example",
    "https://good.example, https://evil.example",
    "https://evil.example https://good.example",
    "HTTPS://GOOD.EXAMPLE",
    "https://Good.example",
    "https:/good.example",
    "https:good.example",
    "//good.example",
    "good.example",
    "https://a.good.example.evil.example",
    "https://.good.example",
    "https://good%2Eexample",
    "https://b\u00fccher.good.example",
    "https://a.example.evil.example",
    "https://xhttps://b.example",
    "https://a.examplehttps://b.example",
    "http://localhost:81:82",
    "http://localhost:",
    "http://localhost:x",
    "http://localhostx",
    "http://localhost.evil.example",
    "http://localhost:123456",
    "https://app-.good.example",
    "https://app-1.good.example.evil.example",
    "null",
    "undefined",
    "*",
    "",
    "file://",
    "data:text/html,x",
    "https://",
    "https://_",
    "__proto__",
    "constructor",
    `https://${"a".repeat(5_000)}.good.example`,
  ])("all patterns together do not allow %j", async (origin) => {
    const patterns = [EXACT, ANY_PORT, REGEX, ALTERNATIVES, /^https:\/\/.+\.sub\.good\.example$/];
    expect(await isAllowed(patterns, origin)).toBe(false);
  });

  test("subdomains of a host are not the host", async () => {
    expect(await isAllowed(SUBDOMAINS, "https://good.example")).toBe(false);
    expect(await isAllowed(SUBDOMAINS, "https://.good.example")).toBe(false);
    expect(await isAllowed(SUBDOMAINS, "https://a.good.example:444")).toBe(false);
    expect(await isAllowed(SUBDOMAINS, "https://evil.example/.good.example")).toBe(false);
    expect(await isAllowed(SUBDOMAINS, `https://${"a.".repeat(300)}good.example`)).toBe(false);
  });

  test.each([
    ["text", "true"],
    ["a number", 1],
    ["the origin", "https://a.example"],
    ["an object", {}],
    ["nothing", undefined],
  ])("a function that returns %s allows nobody", async (_, result) => {
    expect(await isAllowed(() => result as never, "https://a.example")).toBe(false);
    expect(await isAllowed(async () => result as never, "https://a.example")).toBe(false);
  });

  test("a function is asked about what browsers send only, and told the request", async () => {
    const asked: string[] = [];
    const decide = (origin: string, context: RequestContext) => {
      asked.push(`${origin} for ${context.path}`);
      return true;
    };
    expect(await isAllowed(decide, "https://a.example", true)).toBe(true);
    expect(await isAllowed(decide, "null", true)).toBe(false);
    expect(await isAllowed(decide, "https://a.example/x", true)).toBe(false);
    expect(await isAllowed(decide, "https://A.example", true)).toBe(false);
    expect(asked).toEqual(["https://a.example for /"]);
  });

  test("a regex that backtracks exponentially elsewhere takes linear time", async () => {
    const slow = /^https:\/\/(?:[a-z]+)+\.example$/;
    expect(await isAllowed(slow, "https://abc.example")).toBe(true);
    expect(await isAllowed(slow, `https://${"a".repeat(250)}!`)).toBe(false);
    expect(await isAllowed(slow, `https://${"a".repeat(250)}`)).toBe(false);
  });
});

describe("what is refused at definition", () => {
  test.each<[unknown, RegExp]>([
    ["https://good.example/", /write "https:\/\/good\.example"/],
    ["https://Good.Example", /write "https:\/\/good\.example"/],
    ["https://good.example:443", /write "https:\/\/good\.example"/],
    ["http://good.example:80", /write "http:\/\/good\.example"/],
    ["https://bücher.example", /write "https:\/\/xn--bcher-kva\.example"/],
    ["https://user@good.example", /write "https:\/\/good\.example"/],
    ["https://good.example/path?x", /write "https:\/\/good\.example"/],
    ["good.example", /write a scheme and a host/],
    ["https://good.example, https://other.example", /scheme and a host/],
    ["https://good.example\r\nX: y", /no origin|write "https:\/\/good\.example"/],
    ["", /scheme and a host/],
    ["https://*", /no pattern/],
    ["https://*.com", /no pattern/],
    ["*.good.example", /no pattern/],
    ["https://a*.good.example", /no pattern/],
    ["https://good.*", /no pattern/],
    ["https://**.good.example", /no pattern/],
    [/https:\/\/good\.example/, /whole origin/],
    [/^https:\/\/good\.example/, /whole origin/],
    [/good\.example$/, /whole origin/],
    [/^https:\/\/good\.example\$/, /whole origin/],
    [/^https:\/\/good.example$/, /dot that matches any character/],
    [/^https:\/\/good\.example$/i, /flags/],
    [/^https:\/\/good\.example$/g, /flags/],
    [/^https:\/\/good\.example$/m, /flags/],
    [/^https:\/\/.*$/, /every origin/],
    [/^.+$/, /every origin/],
    [/^https:\/\/(a)\1\.example$/, /cannot be used/],
    [7, /a number/],
    [null, /null/],
    [{}, /an object/],
    [[], /empty/],
    [["https://good.example", 7], /a number/],
    [[["https://good.example"]], /an array/],
  ])("%s", (origins, message) => {
    expect(() => new CorsLayer({ origins: origins as never })).toThrow(TypeError);
    expect(() => new CorsLayer({ origins: origins as never })).toThrow(message);
    expect(() => new CsrfLayer({ origins: origins as never })).toThrow(message);
  });

  test("null with credentials, which every page can have", () => {
    expect(() => new CorsLayer({ origins: ["null"], credentials: true })).toThrow(/sandboxed frame/);
    expect(() => new CsrfLayer({ origins: "null" })).toThrow(/sandboxed frame/);
  });
});
