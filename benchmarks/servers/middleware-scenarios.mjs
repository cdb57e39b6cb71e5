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
/** What a handler throws that cannot do what it is asked for. */
export class TakenError extends Error {}
/** Where all has gone. */
export const NEW_HOME = "https://new.example.com";
export const page = (nonce) => `<script nonce="${nonce}">start()</script>`;
/** About 14 KB, in pieces that come one after the other. */
export async function* pieces() {
  for (let first = 0; first < 200; first += 20) yield JSON.stringify(largeValue().slice(first, first + 20));
}
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
const ENCODED = ["encoding", "type", "body"];
const OURS = "middleware-argania";
/** A session that has logged in is read, and nothing of it changes. */
const SESSION = { handler: "user", hasLogin: true, refuses: [{ request: {}, status: 401 }] };

/**
 * `layers` are named from the outside in; `handler` is "value" (by default: it answers with one), or
 * - "count" (the number of things in the body), "user" (that of the session), "ip" (the client's), "nonce" (a page with it);
 * - "later" (a value, asynchronously), "stream" (of pieces), "throws", "shared" (what a layer has left for it), or
 *   "mounted" (an app of Hono).
 *
 * `refuses` is what must not get through; `flaw` says what is wrong with an answer.
 */
const singleLayers = {
  "no-layers": {
    layers: [],
    contenders: [OURS, "middleware-fastify", "middleware-hono", "middleware-express"],
  },
  "request-id": { layers: ["request-id"], expects: ["x-request-id"] },
  "request-log": { layers: ["request-id", "logger"], expects: ["x-request-id"] },
  "security-headers": { layers: ["security-headers"], expects: ["x-content-type-options"] },
  cors: {
    layers: ["cors"],
    request: { headers: { origin: ORIGIN } },
    expects: ["access-control-allow-origin", "access-control-allow-credentials", "vary"],
  },
  // Its handler is asynchronous: for one that returns at once Argania starts no clock.
  timeout: { layers: ["timeout"], handler: "later", contenders: [OURS, "middleware-hono"] },
  // A request that could change something, from a page of the same origin.
  csrf: {
    layers: ["csrf"],
    contenders: [OURS, "middleware-hono"],
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
    contenders: [OURS, "middleware-fastify"],
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
    compares: ENCODED,
    expects: ["vary"],
  },
  "compression-br": {
    layers: ["compression-br"],
    isLarge: true,
    contenders: [OURS, "middleware-fastify"],
    request: { headers: { "accept-encoding": "br" } },
    compares: ENCODED,
    expects: ["vary"],
  },
  "compression-stream": {
    layers: ["compression"],
    handler: "stream",
    request: { headers: { "accept-encoding": "gzip" } },
    compares: ENCODED,
    expects: ["vary"],
  },
  decompression: {
    layers: ["decompression"],
    handler: "count",
    contenders: [OURS, "middleware-fastify"],
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
  "csp-nonce": {
    layers: ["csp-nonce"],
    handler: "nonce",
    compares: ["type"],
    expects: ["content-security-policy"],
    flaw: ({ headers, body }) => {
      const [, nonce] = /^<script nonce="([^"]{22,})">start\(\)<\/script>$/.exec(body) ?? [];
      const isAllowed = headers["content-security-policy"].includes(`'nonce-${nonce}'`);
      return isAllowed ? null : `does not allow its own script: ${body}`;
    },
  },
  // By the address that the proxy in front tells, in the header that each of them reads.
  "remote-ip": {
    layers: ["remote-ip"],
    handler: "ip",
    contenders: [OURS, "middleware-fastify"],
    request: { headers: { "x-real-ip": CLIENT, "x-forwarded-for": CLIENT } },
    flaw: ({ body }) => (body.includes(CLIENT) ? null : `takes the client for ${body}`),
  },
  "error-handler": { layers: ["error-handler"], handler: "throws", status: 409 },
  redirection: {
    layers: ["redirection"],
    request: { path: "/?page={n}" },
    status: 308,
    compares: ["location"],
  },
  extensions: { layers: ["extensions"], handler: "shared" },
  // With somebody who listens: without, the layer does nothing.
  "request-signals": { layers: ["request-signals"], contenders: [OURS] },
};

/** What comes from other worlds, beside these alone. */
const interop = {
  // helmet.
  "connect-layer": {
    layers: ["connect"],
    contenders: [OURS, "middleware-express"],
    expects: ["x-content-type-options", "content-security-policy"],
  },
  // An app of Hono below `/api`.
  "fetch-handler": {
    layers: [],
    handler: "mounted",
    contenders: [OURS, "middleware-hono"],
    request: { path: "/api/hello/{n}" },
  },
};

export const middlewareScenarios = {
  ...singleLayers,
  ...interop,
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
    compares: ENCODED,
    expects: ["x-request-id", "x-content-type-options", "access-control-allow-origin", "vary"],
    refuses: [{ request: { headers: { origin: ORIGIN } }, status: 401 }],
  },
};

/** Nothing is measured of the disk. */
export const LOG_FILE = "/dev/null";
