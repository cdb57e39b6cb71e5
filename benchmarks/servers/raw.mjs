// node:http by hand, each scenario in the shortest way that answers as the others do, without a router and without
// layers. How the head is written makes a difference, so there are variants: the fastest one is the limit.

import { listen } from "./listen.mjs";
import { chunks, hostNames, isLogin, jsonValue, NOT_FOUND } from "./scenarios.mjs";

const PLAIN = "text/plain; charset=utf-8";
const JSON_TYPE = "application/json; charset=utf-8";

const senders = {
  object: (response, status, type, body) => {
    response.writeHead(status, { "Content-Type": type, "Content-Length": Buffer.byteLength(body) });
    response.end(body);
  },
  array: (response, status, type, body) => {
    response.writeHead(status, ["Content-Type", type, "Content-Length", String(Buffer.byteLength(body))]);
    response.end(body);
  },
  "set-header": (response, status, type, body) => {
    response.statusCode = status;
    response.setHeader("Content-Type", type);
    response.end(body);
  },
};

const json = (_, send) => (request, response) =>
  request.url === "/"
    ? send(response, 200, JSON_TYPE, JSON.stringify(jsonValue()))
    : send(response, 404, PLAIN, NOT_FOUND);

const listeners = {
  json,
  "layers-5-json": json,
  param: (_, send) => (request, response) => {
    const { url } = request;
    if (url.startsWith("/user/")) send(response, 200, PLAIN, url.slice(6));
    else send(response, 404, PLAIN, NOT_FOUND);
  },
  "param-json": (_, send) => (request, response) => {
    const { url } = request;
    if (url.startsWith("/user/")) send(response, 200, JSON_TYPE, JSON.stringify({ id: url.slice(6) }));
    else send(response, 404, PLAIN, NOT_FOUND);
  },
  "post-json": (_, send) => (request, response) => {
    const parts = [];
    request.on("data", (part) => parts.push(part));
    request.on("end", () => {
      const body = parts.length === 1 ? parts[0] : Buffer.concat(parts);
      send(response, 200, JSON_TYPE, JSON.stringify(JSON.parse(body.toString())));
    });
  },
  "post-json-validated": (_, send) => (request, response) => {
    const parts = [];
    request.on("data", (part) => parts.push(part));
    request.on("end", () => {
      const body = parts.length === 1 ? parts[0] : Buffer.concat(parts);
      try {
        const value = JSON.parse(body.toString());
        if (isLogin(value)) return send(response, 200, JSON_TYPE, JSON.stringify(value));
      } catch {}
      send(response, 400, PLAIN, "Bad Request");
    });
  },
  "not-allowed": () => (_, response) => {
    response.writeHead(405, { Allow: "GET, HEAD", "Content-Type": PLAIN, "Content-Length": 18 });
    response.end("Method Not Allowed");
  },
  deep: (_, send) => (request, response) => {
    const [, api, v1, orgs, org, projects, project, issues, issue] = request.url.split("/");
    const isRoute = api === "api" && v1 === "v1" && orgs === "orgs" && projects === "projects";
    if (isRoute && issues === "issues") send(response, 200, PLAIN, `${org} ${project} ${issue}`);
    else send(response, 404, PLAIN, NOT_FOUND);
  },
  hosts: (_, send) => {
    const hosts = new Set(hostNames);
    return (request, response) => {
      const { host } = request.headers;
      if (hosts.has(host)) send(response, 200, PLAIN, host);
      else send(response, 404, PLAIN, NOT_FOUND);
    };
  },
  stream: () => (_, response) => {
    response.writeHead(200, { "Content-Type": PLAIN });
    for (const chunk of chunks) response.write(chunk);
    response.end();
  },
};

const text = (scenario, send) => {
  const { value } = scenario.routes[0];
  return (request, response) =>
    request.url === "/" ? send(response, 200, PLAIN, value) : send(response, 404, PLAIN, NOT_FOUND);
};

export function start(scenario, variant, name) {
  return listen((listeners[name] ?? text)(scenario, senders[variant]));
}
