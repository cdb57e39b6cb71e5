import { comparisonReport } from "../lib/comparison-report.mjs";
import { hostInfo } from "../lib/host-info.mjs";
import { tool } from "../lib/load.mjs";
import { middlewareScenarios } from "../servers/middleware-scenarios.mjs";
import { measureAll } from "./http.mjs";

const CONTENDERS = ["middleware-argania", "middleware-fastify", "middleware-hono"];
const PACKAGES = [
  ...["fastify", "@fastify/basic-auth", "@fastify/bearer-auth", "@fastify/compress", "@fastify/cors"],
  ...["@fastify/etag", "@fastify/helmet", "@fastify/jwt", "@fastify/secure-session", "@fastify/session"],
  ...["express", "helmet", "hono", "@hono/node-server", "@hono/session", "pino"],
];
const REPORT = {
  name: "middleware",
  title: "Layers: requests per second on one core",
  notes: [
    "Each row has the layers that its name says: those of argania/middleware, the official plugins of Fastify, those that come with Hono, or @hono/session. Where a plugin is missing, some have a few lines by hand. What is not the same in them is in the README. `api` has a request id, a line of log, security headers, CORS and a checked JWT.",
    "All of them write one line of log with pino, to /dev/null. Compression is gzip at each one's default level.",
  ],
};

export function run() {
  return measureAll(middlewareScenarios, CONTENDERS, (measured) =>
    comparisonReport(REPORT, measured, hostInfo(PACKAGES), tool),
  );
}
