import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureBuilt } from "../../scripts/setup.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
let folder = "";

beforeAll(async () => {
  await ensureBuilt();
  folder = mkdtempSync(join(tmpdir(), "argania-node-types-"));
  const modules = join(folder, "node_modules");
  mkdirSync(join(modules, "@types"), { recursive: true });
  const installed = join(modules, "argania");
  cpSync(join(root, "dist"), join(installed, "dist"), { recursive: true });
  cpSync(join(root, "package.json"), join(installed, "package.json"));
  for (const name of ["fastest-validator", "mime", "negotiator", "express", "connect"]) {
    symlinkSync(join(root, "node_modules", name), join(modules, name), "dir");
  }
}, 600_000);

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Whatever of Node's own takes or gives what is ours: its types change from one Node to the next. */
const APP = `
import { createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { createServer as createHttp2Server } from "node:http2";
import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { _get, Resource, respond, Server } from "argania";
import { connectHandler, connectLayer } from "argania/connect";
import { FileStream } from "argania/static";

const service = new Resource("/").setHandlerFor(_get.to(({ query }) =>
  query.has("a") ? createReadStream("a") : query.has("b") ? Readable.from(["b"]) : respond(200, Buffer.from("c")))).intoService();
const { nodeListener, upgradeListener } = service;
createServer(nodeListener).on("upgrade", upgradeListener);
createServer((request, response) => nodeListener(request, response));
createServer(service.createNodeListener({ handlerTimeout: 1 })).on("upgrade", service.createUpgradeListener({}));
createSecureServer({}, nodeListener).on("upgrade", upgradeListener);
createHttp2Server(nodeListener);
connectLayer((request, response, next) => { response.setHeader("x", String(request.url)); next(); });
connectHandler((request, response) => { response.end(String(request.method)); });
export const file = FileStream.open(Buffer.from("a").toString());
export const running = new Server().withTls({ key: Buffer.from("k"), cert: "c" }).serve(service, ":0");
`;

describe("the declarations with the types for", () => {
  it.each([
    ["the oldest Node, TypeScript 5.9", "@types/node", "typescript"],
    ["the newest Node, TypeScript 5.9", "types-of-newest-node", "typescript"],
    ["the newest Node, TypeScript 7", "types-of-newest-node", "typescript-next"],
  ])(
    "%s",
    (_, types, compiler) => {
      const link = join(folder, "node_modules/@types/node");
      rmSync(link, { force: true });
      symlinkSync(join(root, "node_modules", types), link, "dir");
      writeFileSync(join(folder, "app.mts"), APP);
      const compilerOptions = {
        target: "es2022",
        module: "nodenext",
        strict: true,
        noEmit: true,
        skipLibCheck: true,
        lib: ["es2023"],
        types: ["node"],
      };
      writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["app.mts"] }));
      const tsc = join(root, "node_modules", compiler, "bin/tsc");
      const { status, stdout } = spawnSync(process.execPath, [tsc, "-p", folder], { encoding: "utf8" });
      expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
    },
    120_000,
  );
});
