// What the middleware suite asks for: one layer at a time, then what an API in production has around it.

import { createHmac } from "node:crypto";
import { gzipSync } from "node:zlib";

export const ORIGIN = "https://app.example.com";
export const SECRET = "a secret of at least thirty-two bytes!";
export const TOKEN = "a-token-that-is-long-enough-to-be-one";
export const USER = "ada";
export const PASSWORD = "correct horse battery staple";
/** In the network of which clients may pass; the server sees the proxy, which is this machine. */
export const CLIENT = "203.0.113.7";
export const NETWORK = "203.0.113.0/24";
export const smallValue = () => ({ message: "Hello, World!", ok: true, count: 7 });
/** About 14 KB, as a list of things. */
export const largeValue = () =>
  Array.from({ length: 200 }, (_, id) => ({
    id,
    name: `Thing ${id}`,
    tags: ["a", "b"],
    price: id * 1.25,
    isNew: true,
  }));

const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const signed = `${part({ alg: "HS256", typ: "JWT" })}.${part({ sub: "ada", exp: 4_102_444_800 })}`;
export const token = `${signed}.${createHmac("sha256", SECRET).update(signed).digest("base64url")}`;

const AUTHORIZED = { authorization: `Bearer ${token}` };
const API = ["request-id", "logger", "security-headers", "cors", "jwt"];

const BASIC = `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString("base64")}`;
/** A session that has logged in is read, and nothing of it changes. */
const SESSION = { handler: "user", hasLogin: true, refuses: [{ request: {}, status: 401 }] };

/**
 * `layers` are named from the outside in; `handler` is "value" (by default: it answers with one), "count" (with the number of
 * things in the body) or "user" (with the user of the session); `refuses` is what must not get through.
 */
export const middlewareScenarios = {
  "no-layers": { layers: [] },
  "request-id": { layers: ["request-id"], expects: ["x-request-id"] },
  "request-log": { layers: ["request-id", "logger"], expects: ["x-request-id"] },
  "security-headers": { layers: ["security-headers"], expects: ["x-content-type-options"] },
  cors: {
    layers: ["cors"],
    request: { headers: { origin: ORIGIN } },
    expects: ["access-control-allow-origin", "access-control-allow-credentials", "vary"],
  },
  timeout: { layers: ["timeout"], contenders: ["middleware-argania", "middleware-hono"] },
  // A request that could change something, from a page of the same origin.
  csrf: {
    layers: ["csrf"],
    contenders: ["middleware-argania", "middleware-hono"],
    request: { headers: { "sec-fetch-site": "same-origin" } },
  },
  bearer: {
    layers: ["bearer"],
    request: { headers: { authorization: `Bearer ${TOKEN}` } },
    refuses: [{ request: {}, status: 401 }],
  },
  basic: {
    layers: ["basic"],
    request: { headers: { authorization: BASIC } },
    refuses: [
      { request: {}, status: 401 },
      { request: { headers: { authorization: `${BASIC}AA` } }, status: 401 },
    ],
  },
  // By the address of the connection.
  "ip-filter": { layers: ["ip-filter"] },
  // By the address that a trusted proxy tells; Hono believes none.
  "proxied-ip-filter": {
    layers: ["proxied-ip-filter"],
    contenders: ["middleware-argania", "middleware-fastify"],
    request: { headers: { "x-forwarded-for": CLIENT } },
    refuses: [
      { request: { headers: { "x-forwarded-for": "198.51.100.1" } }, status: 403 },
      { request: {}, status: 403 },
    ],
  },
  "session-cookie": { ...SESSION, layers: ["session-cookie"] },
  "session-store": { ...SESSION, layers: ["session-store"] },
  jwt: {
    layers: ["jwt"],
    request: { headers: AUTHORIZED },
    refuses: [{ request: {}, status: 401 }],
  },
  compression: {
    layers: ["compression"],
    isLarge: true,
    request: { headers: { "accept-encoding": "gzip" } },
    compares: ["encoding"],
    expects: ["vary"],
  },
  decompression: {
    layers: ["decompression"],
    handler: "count",
    contenders: ["middleware-argania", "middleware-fastify"],
    request: {
      method: "POST",
      headers: { "content-type": "application/json", "content-encoding": "gzip" },
      body: gzipSync(JSON.stringify(largeValue())),
    },
  },
  etag: { layers: ["etag"], expects: ["etag"] },
  "not-modified": {
    layers: ["etag"],
    isConditional: true,
    status: 304,
    compares: ["body"],
    expects: ["etag"],
  },
  api: {
    layers: API,
    request: { headers: { ...AUTHORIZED, origin: ORIGIN } },
    expects: ["x-request-id", "x-content-type-options", "access-control-allow-origin", "vary"],
    refuses: [{ request: { headers: { origin: ORIGIN } }, status: 401 }],
  },
  "api-compressed": {
    layers: [...API, "compression"],
    isLarge: true,
    request: { headers: { ...AUTHORIZED, origin: ORIGIN, "accept-encoding": "gzip" } },
    compares: ["encoding"],
    expects: ["x-request-id", "x-content-type-options", "access-control-allow-origin", "vary"],
    refuses: [{ request: { headers: { origin: ORIGIN } }, status: 401 }],
  },
};

/** Nothing is measured of the disk. */
export const LOG_FILE = "/dev/null";
