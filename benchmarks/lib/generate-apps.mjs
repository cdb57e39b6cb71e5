// The same app of many resources for each framework, as TypeScript: each route reads two params by name, a header and a
// query value, and answers with a typed object, so that the compiler has to infer what users would have it infer. The
// header is read by an extractor or its like (Hono's validator), or, without extractors, from the request.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./paths.mjs";

const PER_FILE = 50;

const frameworks = {
  argania: {
    head: 'import { Resource, _get, header, json } from "argania";',
    open: 'export const part = new Resource("/");',
    route: (index) => `part.subresource("/group${index}/{group}/item/{item${index}}").setHandlerFor(
  _get.to([header("x-tenant")], (tenant, { params, query }) =>
    json({ tenant, group: params.group, item: params.item${index}.toUpperCase(), page: query.get("page") ?? "1" })));`,
    close: "",
  },
  "argania, no extractors": {
    head: 'import { Resource, _get, json } from "argania";',
    open: 'export const part = new Resource("/");',
    route: (index) => `part.subresource("/group${index}/{group}/item/{item${index}}").setHandlerFor(
  _get.to(({ params, query, headers }) =>
    json({ tenant: headers.get("x-tenant"), group: params.group, item: params.item${index}.toUpperCase(), page: query.get("page") ?? "1" })));`,
    close: "",
  },
  // Of the ways in which its users write it, those that cost the compiler least: params one by one, and one validator
  // for all routes of a file.
  "hono, validator": {
    head: 'import { Hono } from "hono";\nimport { validator } from "hono/validator";',
    open: `export const part = new Hono();
const tenantHeader = validator("header", (value) => ({ tenant: String(value["x-tenant"]) }));`,
    route: (index) => `part.get("/group${index}/:group/item/:item${index}", tenantHeader, (c) => {
  const { tenant } = c.req.valid("header");
  return c.json({ tenant, group: c.req.param("group"), item: c.req.param("item${index}").toUpperCase(), page: c.req.query("page") ?? "1" });
});`,
    close: "",
  },
  "hono, no extractors": {
    head: 'import { Hono } from "hono";',
    open: "export const part = new Hono();",
    route: (index) => `part.get("/group${index}/:group/item/:item${index}", (c) =>
  c.json({ tenant: c.req.header("x-tenant"), group: c.req.param("group"), item: c.req.param("item${index}").toUpperCase(), page: c.req.query("page") ?? "1" }));`,
    close: "",
  },
  // As its users who export the type of the app for the client write it: every route adds to one type.
  "hono, chained, no extractors": {
    head: 'import { Hono } from "hono";',
    open: "export const part = new Hono()",
    route: (index) => `  .get("/group${index}/:group/item/:item${index}", (c) =>
    c.json({ tenant: c.req.header("x-tenant"), group: c.req.param("group"), item: c.req.param("item${index}").toUpperCase(), page: c.req.query("page") ?? "1" }))`,
    close: ";",
  },
  // Fastify infers no params: its users declare them.
  "fastify, no extractors": {
    head: 'import { fastify } from "fastify";',
    open: "export const part = fastify();",
    route: (
      index,
    ) => `part.get<{ Params: { group: string; item${index}: string }; Querystring: { page?: string } }>(
  "/group${index}/:group/item/:item${index}", ({ params, query, headers }) =>
    ({ tenant: headers["x-tenant"], group: params.group, item: params.item${index}.toUpperCase(), page: query.page ?? "1" }));`,
    close: "",
  },
  "no routes (compiler and lib only)": {
    head: "",
    open: "export const part = 1;",
    route: (index) => `export const group${index} = (group: string) => ({ group: group.toUpperCase() });`,
    close: "",
  },
};

export const frameworkNames = Object.keys(frameworks);

/** Writes the app into a folder of its own, with a tsconfig, and gives the folder. `declarations` are Argania's. */
export function generateApp(name, count, parent, declarations) {
  const { head, open, route, close } = frameworks[name];
  const folder = join(parent, name.replaceAll(/\W+/g, "-"));
  mkdirSync(folder, { recursive: true });
  const files = [];
  for (let first = 0; first < count; first += PER_FILE) {
    const routes = Array.from({ length: Math.min(PER_FILE, count - first) }, (_, index) =>
      route(first + index),
    );
    const file = `part${first}.ts`;
    writeFileSync(join(folder, file), [head, open, ...routes, close, ""].join("\n"));
    files.push(file);
  }
  const compilerOptions = {
    target: "ES2022",
    lib: ["ES2023", "DOM", "DOM.Iterable"],
    module: "esnext",
    moduleResolution: "bundler",
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    // One copy of Node's types for all, the repository's.
    types: ["node"],
    typeRoots: [join(root, "node_modules", "@types")],
    paths: { argania: [declarations] },
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files }));
  return folder;
}
