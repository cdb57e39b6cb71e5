import { randomBytes } from "node:crypto";
import { deflateRawSync, gzipSync } from "node:zlib";
import { _post, jsonBody, RedirectionLayer, ResponseError } from "argania";
import { CookieKey, cookieKey } from "argania/cookies";
import {
  CompressionLayer,
  ConditionalRequestsLayer,
  defineSession,
  RequestDecompressionLayer,
  RequestIdLayer,
  requestId,
  SecurityHeadersLayer,
  SessionLayer,
} from "argania/middleware";
import { type AttackedLayers, get, post } from "./attacked-layers.ts";
import { request } from "./requests.ts";

const KEY = CookieKey.from("a secret of hostile tests, 32 bytes or more");
const session = defineSession<{ userId: string }>({ name: "whole" });
const now = Math.floor(Date.now() / 1000);
const data = `[1,"a",${now},${now},{"userId":"7"}]`;
const sealed = KEY.seal("whole", data);
const sessions: AttackedLayers = {
  layers: [new SessionLayer(session)],
  handler: async (context) => `user ${(await session.extract(context)).get("userId") ?? "none"}`,
  options: { properties: [cookieKey.to(KEY)] },
  good: [get(`Cookie: whole=${sealed}`), { status: [200], bodyEquals: "user 7" }],
  attacks: [
    "whole=",
    `whole=${data.replaceAll('"', "%22").replaceAll(",", "%2C")}`,
    `whole=${sealed.slice(0, -1)}`,
    `whole=${sealed}A`,
    `whole=; whole=${sealed}`,
    `WHOLE=${sealed}`,
    `other=${sealed}`,
    `whole=${KEY.seal("other", data)}`,
    `whole=${KEY.sign("whole", data)}`,
    `whole=${CookieKey.generate().seal("whole", data)}`,
    `whole=${KEY.seal("whole", '[1,"a",1,1,{"userId":"7"}]')}`,
    `whole=${KEY.seal("whole", `[1,"a",${now},${now},{"__proto__":{"userId":"7"}}]`)}`,
    "whole={{rep:A:12000}}",
    "{{rep:a=b; :2000}}",
  ].map(
    (cookie) =>
      [
        get(`Cookie: ${cookie}`),
        { status: [200], bodyEquals: "user none", headerAbsent: ["set-cookie"] },
      ] as const,
  ),
};

const TEXT = "text that is compressed ".repeat(200);
const compression: AttackedLayers = {
  layers: [new CompressionLayer()],
  handler: () => TEXT,
  good: [
    get("Accept-Encoding: gzip"),
    { status: [200], header: { "content-encoding": "^gzip$", vary: "^[Aa]ccept-[Ee]ncoding$" } },
  ],
  attacks: [
    ...["gzip;q=NaN", '"gzip"', "gzip gzip", "*;q=*", "\u00ff\u00fe", "__proto__", "{{rep:a;q=1,:2000}}"],
    ...["gzip;q=0", "identity", ",,,,", "x-gzip;q=0, br;q=0, {{rep:x:4000}}"],
  ].map(
    (value) =>
      [
        get(`Accept-Encoding: ${value}`),
        {
          status: [200],
          bodyEquals: TEXT,
          headerAbsent: ["content-encoding"],
          header: { vary: "^[Aa]ccept-[Ee]ncoding$" },
        },
      ] as const,
  ),
};

const JSON_LINES = ["Content-Type: application/json"];
const body = jsonBody();
const packed = (coding: string, bytes: Uint8Array) =>
  post([...JSON_LINES, `Content-Encoding: ${coding}`], bytes);
const bomb = gzipSync(Buffer.alloc(50_000_000, " "));
const bombs: AttackedLayers = {
  layers: [new RequestDecompressionLayer()],
  handler: async (context, args) => (await body.extract(context, args)) as object,
  kind: _post,
  good: [packed("gzip", gzipSync('{"a":1}')), { status: [200], bodyEquals: '{"a":1}' }],
  attacks: [
    [packed("gzip", bomb), { status: [413] }],
    [packed("gzip, gzip", gzipSync(bomb)), { status: [413] }],
    [packed("gzip, gzip, gzip", gzipSync(gzipSync(bomb))), { status: [415] }],
    [packed("gzip", randomBytes(2_000)), { status: [400] }],
    [packed("gzip", gzipSync('{"a":1}').subarray(0, 12)), { status: [400] }],
    [packed("gzip", Buffer.concat([gzipSync("{}"), Buffer.from("x")])), { status: [400] }],
    [packed("deflate", deflateRawSync("{}")), { status: [400] }],
    [packed("br", gzipSync("{}")), { status: [400] }],
    [packed("__proto__", gzipSync("{}")), { status: [415] }],
    [packed("{{rep:gzip,:2000}}gzip", gzipSync("{}")), { status: [415] }],
  ],
};

const UUID = "^[\\da-f]{8}-[\\da-f]{4}-4[\\da-f]{3}-[89ab][\\da-f]{3}-[\\da-f]{12}$";
const ids: AttackedLayers = {
  layers: [new RequestIdLayer({ trust: true })],
  handler: (context) => requestId(context) as string,
  good: [
    get("X-Request-Id: abc-1"),
    { status: [200], header: { "x-request-id": "^abc-1$" }, bodyEquals: "abc-1" },
  ],
  attacks: [
    ...["", "a b", "<script>", 'a"b', "a\u0085Set-Cookie: x=y", "a\u001b[2J", "{jndi:ldap://x}", "a,b"],
    ...["\u00e9", "{{rep:a:129}}", "{{rep:a:9000}}", "a\r\nX-Request-Id: b"],
  ].map(
    (id) =>
      [
        get(`X-Request-Id: ${id}`),
        {
          status: [200, 400],
          header: { "x-request-id": `^$|${UUID}` },
          headerAbsent: ["set-cookie"],
        },
      ] as const,
  ),
};

const conditional: AttackedLayers = {
  layers: [new ConditionalRequestsLayer()],
  handler: () => "tagged",
  good: [get("If-None-Match: *"), { status: [304], noBody: true, header: { etag: '^"' } }],
  attacks: [
    ...['"', 'W/"', "W/", '"a""b"', '{{rep:",:5000}}', '{{rep:W/"a",:2000}}', "\u00ff", "**", "*, *"].map(
      (tags) => [get(`If-None-Match: ${tags}`), { status: [200], bodyEquals: "tagged" }] as const,
    ),
    ...["x", '"', '{{rep:"a",:2000}}'].map(
      (tags) => [get(`If-Match: ${tags}`), { status: [412], bodyExcludes: ["tagged"] }] as const,
    ),
    [get("If-Modified-Since: {{rep:9:8000}}"), { status: [200], bodyEquals: "tagged" }],
  ],
};

const redirects: AttackedLayers = {
  layers: [RedirectionLayer.permanentToPrefix("")],
  handler: () => "never",
  good: [get(), { status: [308], header: { location: "^/a$" }, handlerRuns: 0 }],
  attacks: [
    "/%61?//evil.example",
    "/a?\\evil.example",
    "/a?%0d%0aSet-Cookie:a=b",
    "http://evil.example/a",
  ].map(
    (target) =>
      [
        request(target),
        {
          status: [308],
          locationSafe: true,
          header: { location: "^/a" },
          headerAbsent: ["set-cookie"],
          handlerRuns: 0,
        },
      ] as const,
  ),
};

const security: AttackedLayers = {
  layers: [new SecurityHeadersLayer()],
  handler: (context) => {
    if (context.query.has("fail")) {
      throw new ResponseError(418, "<script>alert(1)</script>");
    }
    return "safe";
  },
  good: [get(), { status: [200], bodyEquals: "safe", header: { "x-content-type-options": "^nosniff$" } }],
  attacks: ["/a?fail", "/a?fail=<script>", "/a?fail&x=%0d%0aX-Frame-Options:%20ALLOW"].map(
    (target) =>
      [
        request(target, ["Accept: text/html"]),
        {
          status: [400, 418],
          headerExcludes: { "content-type": "html" },
          header: { "x-content-type-options": "^nosniff$|^$", "x-frame-options": "^(?!ALLOW)" },
        },
      ] as const,
  ),
};

export const attackedContents: Readonly<Record<string, AttackedLayers>> = {
  "sessions: SessionLayer": sessions,
  "compression: CompressionLayer": compression,
  "bombs: RequestDecompressionLayer": bombs,
  "log injection: RequestIdLayer": ids,
  "caching: ConditionalRequestsLayer": conditional,
  "open-redirect: RedirectionLayer": redirects,
  "markup: SecurityHeadersLayer": security,
};
