import { _post, type Args, peer, type RequestContext } from "argania";
import { JwtAuthLayer } from "argania/jwt";
import {
  BasicAuthLayer,
  BearerAuthLayer,
  CorsLayer,
  CsrfLayer,
  IpFilterLayer,
  RemoteIpLayer,
} from "argania/middleware";
import { AUDIENCE, claims, ISSUER, SECRET, sign, unsigned } from "../auth/issuer.ts";
import { type AttackedLayers, bearer, get, post } from "./attacked-layers.ts";
import type { Expectation } from "./hostile-case.ts";
import { request } from "./requests.ts";

const CORS_HEADERS = ["access-control-allow-origin", "access-control-allow-credentials"];
const NOT_SHARED: Expectation = { headerAbsent: CORS_HEADERS, handlerRuns: 1, header: { vary: "Origin" } };
const NO_PREFLIGHT: Expectation = {
  headerAbsent: [...CORS_HEADERS, "access-control-allow-methods", "access-control-allow-headers"],
  handlerRuns: 0,
};
const preflight = (origin: string, method = "PUT") =>
  request("/a", [`Origin: ${origin}`, `Access-Control-Request-Method: ${method}`], "OPTIONS");

const cors: AttackedLayers = {
  layers: [new CorsLayer({ origins: ["https://good.example", "https://*.sub.example"], credentials: true })],
  handler: () => "shared",
  good: [
    get("Origin: https://good.example"),
    {
      status: [200],
      header: { "access-control-allow-origin": "^https://good\\.example$", vary: "Origin" },
      bodyEquals: "shared",
      handlerRuns: 1,
    },
  ],
  attacks: [
    ...[
      "https://evil.example",
      "null",
      "*",
      "https://good.example.evil.example",
      "https://good.example\u0085",
      "http://good.example",
      "https://.sub.example",
      "https://evil.example/.sub.example",
      "https://{{rep:a.:7000}}evil.example",
    ].map((origin) => [get(`Origin: ${origin}`), NOT_SHARED] as const),
    [get("Origin: https://good.example", "Origin: https://evil.example"), NOT_SHARED],
    [preflight("https://evil.example"), NO_PREFLIGHT],
    [preflight("null"), NO_PREFLIGHT],
    [preflight("https://good.example", "PUT,\u0085X: y"), NO_PREFLIGHT],
  ],
};

const CROSS: Expectation = { status: [403], handlerRuns: 0, bodyIncludes: ["ARGANIA_CSRF"] };
const csrf: AttackedLayers = {
  layers: [new CsrfLayer()],
  handler: () => "posted",
  kind: _post,
  good: [
    post(["Host: site.example", "Origin: http://site.example", "Sec-Fetch-Site: same-origin"]),
    { status: [200], bodyEquals: "posted", handlerRuns: 1 },
  ],
  attacks: [
    ["Origin: https://evil.example"],
    ["Origin: null"],
    ["Origin:"],
    ["Origin: http://site.example", "Origin: https://evil.example"],
    ["Origin: http://site.example@evil.example"],
    ["Origin: http://site.example.evil.example"],
    ["Sec-Fetch-Site: same-site"],
    ["Sec-Fetch-Site: same-origin", "Sec-Fetch-Site: cross-site"],
    ["Origin: https://evil.example", "X-Forwarded-Host: evil.example", "Forwarded: host=evil.example"],
    ["Origin: https://evil.example", "X-HTTP-Method-Override: GET"],
    ["Origin: https://evil.example", "Content-Type: application/json"],
  ].map((lines) => [post(["Host: site.example", ...lines]), CROSS] as const),
};

const FORBIDDEN: Expectation = { status: [403], handlerRuns: 0, bodyExcludes: ["127.0.0.1"] };
const whoAsks = (context: RequestContext, args: Args) => peer.extract(context, args) as string;
const ipSpoofing: AttackedLayers = {
  layers: [
    new RemoteIpLayer({ provider: "cloudflare", peers: ["127.0.0.1"] }),
    new IpFilterLayer({ allow: ["203.0.113.0/24"] }),
  ],
  handler: whoAsks,
  good: [
    get("CF-Connecting-IP: ::ffff:203.0.113.9"),
    { status: [200], bodyEquals: "203.0.113.9", handlerRuns: 1 },
  ],
  attacks: [
    get(),
    get("X-Forwarded-For: 203.0.113.9", "Forwarded: for=203.0.113.9", "X-Real-IP: 203.0.113.9"),
    get("CF-Connecting-IP: 203.0.113.9", "CF-Connecting-IP: 203.0.113.9"),
    get("CF-Connecting-IP: 203.0.113.9, 10.0.0.1"),
    get("CF-Connecting-IP: 203.0.113.9%00"),
    get("CF-Connecting-IP: 203.0.113.999"),
    get("CF-Connecting-IP: 0313.0.113.9"),
    get("CF-Connecting-IP: 3405803785"),
    get("CF-Connecting-IP: ::203.0.113.9"),
    get("CF-Connecting-IP: {{rep:9:6000}}"),
    get("CF-Connecting-IP: {{rep:::3000}}"),
  ].map((raw) => [raw, FORBIDDEN] as const),
};
/** The same with a header that is believed from others only. */
const untrusted: AttackedLayers = {
  layers: [
    new RemoteIpLayer({ provider: "cloudflare", peers: ["10.0.0.1"] }),
    new IpFilterLayer({ deny: ["203.0.113.9"] }),
  ],
  handler: whoAsks,
  good: [get(), { status: [200], bodyEquals: "127.0.0.1", handlerRuns: 1 }],
  attacks: ["CF-Connecting-IP: 10.9.9.9", "CF-Connecting-IP: 203.0.113.9", "X-Forwarded-For: 10.0.0.1"].map(
    (line) => [get(line), { status: [200], bodyEquals: "127.0.0.1" }] as const,
  ),
};

const NOBODY: Expectation = {
  status: [400, 401],
  handlerRuns: 0,
  bodyExcludes: ["user", "signature", "algorithm"],
};
const jwt = new JwtAuthLayer({ issuer: ISSUER, audience: AUDIENCE, key: SECRET, algorithms: ["HS256"] });
const good = await sign();
const long = new TextEncoder().encode(SECRET.repeat(2));
const tokens: AttackedLayers = {
  layers: [jwt],
  handler: async (context, args) => `user ${(await jwt.claims.extract(context, args)).sub}`,
  good: [bearer(good), { status: [200], bodyEquals: "user 7", handlerRuns: 1 }],
  attacks: [
    get(),
    bearer(unsigned({ alg: "none" }, claims())),
    bearer(`${unsigned({ alg: "none" }, claims())}AAAA`),
    bearer(await sign(claims(), { alg: "HS512" }, long)),
    bearer(await sign(claims({ exp: 1 }))),
    bearer(await sign(claims({ aud: "https://other.example" }))),
    bearer(await sign(claims({ iss: "https://evil.example/" }))),
    bearer(good.slice(0, -2)),
    bearer(unsigned("[".repeat(2000), "{}", "AAAA")),
    bearer(unsigned('{"__proto__":{"alg":"HS256"}}', "{}", "AAAA")),
    bearer("{{rep:A:9000}}"),
    bearer("{{rep:.:4000}}"),
    get(`Authorization: Bearer ${good}`, "Authorization: Bearer x.y.z"),
    get(`Authorization: Basic ${good}`),
    request(`/a?access_token=${good}`),
  ].map((raw) => [raw, NOBODY] as const),
};

const opaque = new BearerAuthLayer({ tokens: { "a-token-of-hostile-tests": { name: "user 7" } } });
const bearerTokens: AttackedLayers = {
  layers: [opaque],
  handler: async (context, args) => (await opaque.principal.extract(context, args)).name,
  good: [bearer("a-token-of-hostile-tests"), { status: [200], bodyEquals: "user 7", handlerRuns: 1 }],
  attacks: [
    "",
    "__proto__",
    "constructor",
    "a-token-of-hostile-test",
    "A-TOKEN-OF-HOSTILE-TESTS",
    "{{rep:a:9000}}",
  ]
    .map((token) => bearer(token))
    .concat(get("Authorization: Bearer a-token-of-hostile-tests", "Authorization: Bearer x"))
    .map((raw) => [raw, NOBODY] as const),
};

const basicAuth = new BasicAuthLayer({ users: { ada: "a password of hostile tests" } });
const basic = (text: string) => get(`Authorization: Basic ${Buffer.from(text, "latin1").toString("base64")}`);
const passwords: AttackedLayers = {
  layers: [basicAuth],
  handler: () => "user ada",
  good: [basic("ada:a password of hostile tests"), { status: [200], bodyEquals: "user ada", handlerRuns: 1 }],
  attacks: [
    basic("ada:"),
    basic("ada"),
    basic(":a password of hostile tests"),
    basic("ada:a password of hostile tests\0"),
    basic("__proto__:undefined"),
    basic("constructor:function Object() { [native code] }"),
    basic("\xff\xfe:\xff"),
    basic(`ada:${"a".repeat(8_000)}`),
    get("Authorization: Basic !!!"),
    get("Authorization: Basic"),
  ].map((raw) => [raw, NOBODY] as const),
};

export const attackedGuards: Readonly<Record<string, AttackedLayers>> = {
  "cors-csrf: CorsLayer": cors,
  "cors-csrf: CsrfLayer": csrf,
  "ip-spoofing: trusted peers": ipSpoofing,
  "ip-spoofing: others": untrusted,
  "jwt: JwtAuthLayer": tokens,
  "tokens: BearerAuthLayer": bearerTokens,
  "passwords: BasicAuthLayer": passwords,
};
