import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { toStandardJsonSchema } from "@valibot/to-json-schema";
import {
  _get,
  _post,
  cookies,
  formBody,
  headers,
  json,
  jsonBody,
  pathParams,
  queryParams,
  Resource,
  type StandardSchema,
} from "argania";
import { multipartFields } from "argania/multipart";
import { type } from "arktype";
import * as v from "valibot";
import { afterEach, describe, expect, it, test } from "vitest";
import { z } from "zod";
import { z as z3 } from "zod/v3";
import { pathsOf, serve } from "./serve.ts";
import { withJsonSchema } from "./with-json-schema.ts";

interface Page {
  readonly page: number;
  readonly deep?: boolean | undefined;
  readonly ids?: readonly number[] | undefined;
  readonly size?: 10 | 20 | undefined;
  readonly limit?: number | "all" | undefined;
  readonly name?: string | undefined;
}

const valibot = v.object({
  page: v.pipe(v.number(), v.integer()),
  deep: v.optional(v.boolean()),
  ids: v.optional(v.array(v.number())),
  size: v.optional(v.picklist([10, 20])),
  limit: v.optional(v.union([v.literal("all"), v.number()])),
  name: v.optional(v.string()),
});

const LIBRARIES: readonly (readonly [string, StandardSchema<unknown, Page>])[] = [
  [
    "zod",
    z.object({
      page: z.number().int(),
      deep: z.boolean().optional(),
      ids: z.array(z.number()).optional(),
      size: z.literal([10, 20]).optional(),
      limit: z.union([z.literal("all"), z.number()]).optional(),
      name: z.string().optional(),
    }),
  ],
  [
    "arktype",
    type({
      page: "number.integer",
      "deep?": "boolean",
      "ids?": "number[]",
      "size?": "10 | 20",
      "limit?": "number | 'all'",
      "name?": "string",
    }),
  ],
  ["valibot", toStandardJsonSchema(valibot)],
];

describe.each(LIBRARIES)("%s", (_, schema) => {
  const app = serve(queryParams(schema));

  it.each([
    ["page=42", { page: 42 }],
    ["page=-1e2&deep=true", { page: -100, deep: true }],
    ["page=007&deep=off", { page: 7, deep: false }],
    ["page=1&ids=5", { page: 1, ids: [5] }],
    ["page=1&ids=5&ids=6", { page: 1, ids: [5, 6] }],
    ["page=1&size=20", { page: 1, size: 20 }],
    ["page=1&limit=all", { page: 1, limit: "all" }],
    ["page=1&limit=5", { page: 1, limit: 5 }],
    ["page=1&name=42", { page: 1, name: "42" }],
    ["page=1&name=true", { page: 1, name: "true" }],
  ])("makes ?%s %j", async (query, expected) => {
    expect(await app.get(`/?${query}`)).toEqual({ status: 200, body: expected });
  });

  it.each([
    ["page=x", "page"],
    ["page=", "page"],
    ["page=0x10", "page"],
    ["page=%201", "page"],
    ["page=1,000", "page"],
    ["page=1e999", "page"],
    ["page=Infinity", "page"],
    ["page=9007199254740993", "page"],
    ["page=1.5", "page"],
    ["page=1&page=2", "page"],
    ["page=1&deep=yes", "deep"],
    ["page=1&ids=a", "ids.0"],
    ["page=1&ids=1&ids=b", "ids.1"],
    ["page=1&size=30", "size"],
    ["page=1&limit=none", "limit"],
    ["page=1&name=a&name=b", "name"],
    [`page=${"9".repeat(100_000)}`, "page"],
  ])("refuses ?%.40s by its own message", async (query, path) => {
    const answer = await app.get(`/?${query}`);
    expect([answer.status, pathsOf(answer)]).toEqual([400, [path]]);
  });
});

const Numbers = z.object({ a: z.number(), b: z.boolean().optional() });

describe("texts of any kind", () => {
  test("path params, whose failure is a 404, and whose absence is a mistake", async () => {
    const app = serve(pathParams(Numbers));
    expect(await app.get("/42")).toEqual({ status: 200, body: { a: 42 } });
    expect((await app.get("/x")).status).toBe(404);
    expect((await app.get("/")).status).toBe(500);
    expect(String(app.reports[0]?.err)).toContain('wants "a", but "/" captures nothing');
    const other = serve(pathParams(z.object({ id: z.number(), a: z.number() })));
    expect((await other.get("/42")).status).toBe(500);
  });

  test("headers, cookies, forms", async () => {
    const page = z.object({ "x-page": z.number(), "x-list": z.array(z.number()).optional() });
    const seen = await serve(headers(page)).get("/", { "x-page": "2", "x-list": "3" });
    expect(seen).toEqual({ status: 200, body: { "x-page": 2, "x-list": [3] } });
    const jar = await serve(cookies(Numbers)).get("/", { cookie: "a=1; b=on" });
    expect(jar).toEqual({ status: 200, body: { a: 1, b: true } });
    const form = new Resource("/").setHandlerFor(_post.to([formBody(Numbers)], (value) => json(value)));
    const posted = await form.intoService().request("/", {
      method: "POST",
      body: new URLSearchParams({ a: "1.5", b: "0" }),
    });
    expect(await posted.json()).toEqual({ a: 1.5, b: false });
  });

  test("multipart forms, where one file is an array of files as well", async () => {
    const schema = z.object({ a: z.number(), files: z.array(z.file()) });
    const root = new Resource("/").setHandlerFor(
      _post.to([multipartFields(schema)], ({ a, files }) => json([a, files.map(({ name }) => name)])),
    );
    const body = new FormData();
    body.append("a", "7");
    body.append("files", new File(["x"], "x.txt"));
    const response = await root.intoService().request("/", { method: "POST", body });
    expect(await response.json()).toEqual([7, ["x.txt"]]);
  });

  test("JSON has types of its own", async () => {
    expect((await serve(jsonBody(Numbers)).post({ a: "1" })).status).toBe(400);
  });
});

describe("schemas that cannot say what they take get the texts", () => {
  test.each<[string, StandardSchema]>([
    ["valibot by itself", v.object({ a: v.number() })],
    ["zod 3", z3.object({ a: z3.number() })],
    [
      "one that always throws",
      withJsonSchema(v.object({ a: v.number() }), () => {
        throw new Error("not mine");
      }),
    ],
    ["one that says nothing", withJsonSchema(v.object({ a: v.number() }), undefined)],
  ])("%s", async (_, schema) => {
    const answer = await serve(queryParams(schema)).get("/?a=1");
    expect([answer.status, pathsOf(answer)]).toEqual([400, ["a"]]);
  });

  test("a schema that refers to a later one says it with the first request", async () => {
    const schema = z.object({ a: z.lazy(() => later) });
    const app = serve(queryParams(schema));
    const later = z.number();
    expect((await app.get("/?a=1")).body).toEqual({ a: 1 });
    expect((await app.get("/?a=x")).status).toBe(400);
  });
});

describe("over a socket", () => {
  let close = (): void => {};
  afterEach(() => close());

  it("converts as well", async () => {
    const root = new Resource("/");
    root
      .subresource("/users/{id}")
      .setHandlerFor(
        _get.to([pathParams(z.object({ id: z.int() })), queryParams(LIBRARIES[1]?.[1] as never)], (...all) =>
          json(all.slice(0, 2)),
        ),
      );
    const server = createServer(root.intoService().nodeListener).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    close = () => server.close() && server.closeAllConnections();
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const response = await fetch(`${url}/users/42?page=2&ids=1`);
    expect(await response.json()).toEqual([{ id: 42 }, { page: 2, ids: [1] }]);
    expect((await fetch(`${url}/users/4.2?page=2`)).status).toBe(404);
    expect((await fetch(`${url}/users/42?page=x`)).status).toBe(400);
  });
});
