import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { bundleOf } from "./build-argania.mjs";
import { build, here, root } from "./paths.mjs";

const HELLO = `import { Resource, _get } from "./src/index.ts";
const root = new Resource("/");
root.setHandlerFor(_get.to(() => "Hello, World!"));
export default { fetch: root.intoService().fetch };`;

/** What is bundled: everything that a package exports, and the smallest app, from which the rest is shaken off. */
const BUNDLES = {
  "argania, everything": ['export * from "./src/index.ts"', root],
  "argania, fetch app": [HELLO, root],
  "argania, fetch app without Node's side": [HELLO, root, { "globalThis.ARGANIA_FETCH_ONLY": "true" }],
  "argania, with Server": [`${HELLO.replace("{ Resource", "{ Server, Resource")}\nexport { Server };`, root],
  hono: [appOf("hono", "Hono"), here],
  h3: [appOf("h3", "H3"), here],
  polka: ['export { default } from "polka"', here],
  koa: ['export { default } from "koa"', here],
  fastify: ['export { default } from "fastify"', here],
  express: ['export { default } from "express"', here],
};

function appOf(name, exported) {
  return `import { ${exported} } from "${name}";
const app = new ${exported}(); app.get("/", () => new Response("Hello, World!"));
export default { fetch: app.fetch };`;
}

/** Bytes of each, minified and as gzip sends them. */
export function bundleSizes() {
  return Object.entries(BUNDLES).map(([name, [contents, resolveDir, define = {}]]) => {
    const outfile = join(build, "size.mjs");
    bundleOf(contents, outfile, { minify: true, define, stdin: { contents, resolveDir, loader: "ts" } });
    const code = readFileSync(outfile);
    return { name, minified: code.length, gzipped: gzipSync(code, { level: 9 }).length };
  });
}
