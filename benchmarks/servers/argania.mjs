import { z } from "zod";
import { bundleUrl } from "../lib/paths.mjs";
import { chunks, isLogin, jsonValue, NOT_FOUND, pass } from "./scenarios.mjs";

const argania = await import(bundleUrl);
/** How bodies are checked: `argania:rules` and `argania:zod`, or by hand. */
let variant;
const { Host, Resource, Router, Server, _get, _mistargetedRequest, _post, _requestReceiver, around } =
  argania;

/** Standard Schema by hand: what a library of schemas costs is not what is measured. */
const loginSchema = {
  "~standard": {
    version: 1,
    vendor: "benchmarks",
    validate: (value) =>
      isLogin(value) ? { value } : { issues: [{ message: "This is no login.", path: [] }] },
  },
};

/** The same in fastest-validator's rules, which `argania/fastest-validator` compiles, and in zod. */
const schemas = {
  undefined: loginSchema,
  rules: {
    name: "string",
    email: "string",
    age: { type: "number", integer: true },
    tags: { type: "array", items: "string" },
  },
  zod: z.object({ name: z.string(), email: z.string(), age: z.int(), tags: z.array(z.string()) }),
};

const replies = {
  text: (value) => () => value,
  json: () => () => argania.json(jsonValue()),
  param: (names) =>
    names.length === 1
      ? ({ params }) => params[names[0]]
      : ({ params: { org, project, issue } }) => `${org} ${project} ${issue}`,
  "param-json":
    () =>
    ({ params: { id } }) =>
      argania.json({ id }),
  echo: () => [[argania.jsonBody], (body) => argania.json(body)],
  "echo-validated": () => [[argania.jsonBody(schemas[variant])], (body) => argania.json(body)],
  stream: () => () => argania.respond({ "content-type": "text/plain; charset=utf-8" }, chunksInTurn()),
};

async function* chunksInTurn() {
  yield* chunks;
}

export function service(scenario) {
  if (scenario.hosts !== undefined) {
    const router = new Router();
    for (const host of scenario.hosts) router.addHost(new Host(host, home(host)));
    return router.intoService();
  }
  const root = new Resource("/");
  const layer = around((_, next) => {
    pass.count++;
    return next();
  });
  for (let index = 0; index < (scenario.layers ?? 0); index++) root.addLayerTo(_requestReceiver(layer));
  for (const { method, path, reply, value } of scenario.routes) {
    const resource = path === "/" ? root : root.subresource(path.replaceAll(/:(\w+)/g, "{$1}"));
    const handler = replies[reply](value);
    const kind = method === "POST" ? _post : _get;
    resource.setHandlerFor(Array.isArray(handler) ? kind.to(...handler) : kind.to(handler));
  }
  if (scenario.hasNotFound) {
    root.setHandlerFor(_mistargetedRequest.to(() => argania.text(NOT_FOUND, 404)));
  }
  return root.intoService();
}

function home(host) {
  const root = new Resource("/");
  root.setHandlerFor(_get.to(() => host));
  return root;
}

export async function start(scenario, wanted) {
  variant = wanted;
  const { address } = await new Server().serve(service(scenario), "127.0.0.1:0");
  return address.port;
}
