import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ENTRIES } from "../support/entries.ts";

/** Says after each request whether Node has loaded its fetch, which takes it 20 to 50 ms. */
const PROGRAM = `
import { createServer, request } from "node:http";
import { Resource, _get, _post, _requestReceiver, around, json, jsonBody, respond } from "./argania.mjs";

const isLoaded = () => process.moduleLoadList.some((name) => name.includes("deps/undici"));
// Newer Nodes load it for node:http themselves.
if (isLoaded()) {
  console.log("loaded by node:http");
  process.exit(0);
}
const root = new Resource("/");
root.setHandlerFor(_get.to(() => "text"), _post.to([jsonBody()], (body) => json(body)));
root.subresource("/async").setHandlerFor(_get.to(async () => json({})));
root.subresource("/object").setHandlerFor(_get.to(() => ({})));
root.subresource("/headers").setHandlerFor(_get.to((context) => respond(201, { "x-host": context.headers.get("host") }, "x")));
root.subresource("/error").setHandlerFor(_get.to(() => { throw new Error("x"); }));
const layer = around(async (context, next) => {
  const response = await next();
  response.headers.set("x-layer", "1");
  return response;
});
root.subresource("/layer").setHandlerFor(_get.to(() => "x")).addLayerTo(_requestReceiver(layer));
root.subresource("/asked").setHandlerFor(_get.to(() => String(json({}) instanceof Response && json({}).headers instanceof Headers)));
const service = root.intoService({ logger: { error() {} } });
const server = createServer(service.nodeListener).listen(0, "127.0.0.1", async () => {
  const { port } = server.address();
  const ask = (path, method = "GET") => new Promise((resolve) => {
    const headers = method === "POST" ? { "content-type": "application/json" } : {};
    request({ port, path, method, headers, agent: false }, (response) => {
      let text = "";
      response.on("data", (chunk) => { text += chunk; }).on("end", () => resolve([response.statusCode, text]));
    }).end(method === "POST" ? "{}" : undefined);
  });
  const seen = [];
  for (const path of ["/", "/async", "/object", "/headers", "/layer", "/layer/", "/error", "/none"]) {
    seen.push([path, (await ask(path))[0], isLoaded()]);
  }
  seen.push(["POST", (await ask("/", "POST"))[0], isLoaded()]);
  seen.push(["/asked", (await ask("/asked"))[1], isLoaded()]);
  server.close();
  console.log(JSON.stringify(seen));
});
`;

let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "argania-fetch-"));
  await build({
    entryPoints: [ENTRIES["argania"] as string],
    outfile: join(folder, "argania.mjs"),
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    logLevel: "error",
  });
  writeFileSync(join(folder, "program.mjs"), PROGRAM);
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("Node's fetch is loaded by the program that asks for it, and by nothing else on the way of a request", (context) => {
  const output = execFileSync(process.execPath, ["program.mjs"], { cwd: folder, encoding: "utf8" });
  if (output.startsWith("loaded by node:http")) {
    context.skip();
  }
  expect(JSON.parse(output)).toEqual([
    ["/", 200, false],
    ["/async", 200, false],
    ["/object", 200, false],
    ["/headers", 201, false],
    ["/layer", 200, false],
    ["/layer/", 308, false],
    ["/error", 500, false],
    ["/none", 404, false],
    ["POST", 200, false],
    ["/asked", "true", true],
  ]);
}, 60_000);
