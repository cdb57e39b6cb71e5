import { jsonBody, pathParams, queryParams, type StandardSchema } from "argania";
import { type } from "arktype";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { issuesOf, pathsOf, serve } from "./serve.ts";

interface User {
  name: string;
  role: string;
  address: { street: string };
  tags: string[];
}
interface Page {
  page: number;
  tags?: string[] | undefined;
}
interface Library {
  readonly user: StandardSchema<unknown, User>;
  readonly later: StandardSchema<unknown, { name: string }>;
  readonly page: StandardSchema<unknown, Page>;
  readonly id: StandardSchema<unknown, { a: number }>;
}

const isFree = async (name: string) => {
  await Promise.resolve();
  return name !== "taken";
};

const LIBRARIES: readonly (readonly [string, Library])[] = [
  [
    "zod",
    {
      user: z.object({
        name: z
          .string()
          .min(3)
          .transform((name) => name.toUpperCase()),
        role: z.string().default("guest"),
        address: z.object({ street: z.string() }),
        tags: z.array(z.string()),
      }),
      later: z.object({ name: z.string().refine(isFree, "Taken.") }),
      page: z.object({ page: z.coerce.number().int().default(1), tags: z.array(z.string()).optional() }),
      id: z.object({ a: z.coerce.number() }),
    },
  ],
  [
    "valibot",
    {
      user: v.object({
        name: v.pipe(v.string(), v.minLength(3), v.toUpperCase()),
        role: v.optional(v.string(), "guest"),
        address: v.object({ street: v.string() }),
        tags: v.array(v.string()),
      }),
      later: v.objectAsync({ name: v.pipeAsync(v.string(), v.checkAsync(isFree, "Taken.")) }),
      page: v.object({
        page: v.optional(v.pipe(v.string(), v.toNumber(), v.integer()), "1"),
        tags: v.optional(v.array(v.string())),
      }),
      id: v.object({ a: v.pipe(v.string(), v.toNumber()) }),
    },
  ],
  [
    "arktype",
    {
      user: type({
        name: type("string >= 3").pipe((name) => name.toUpperCase()),
        role: "string = 'guest'",
        address: { street: "string" },
        tags: "string[]",
        "+": "delete",
      }),
      // It has no asynchronous types: one that wraps it has.
      later: afterwards(type({ name: "string" }), async ({ name }) =>
        (await isFree(name)) ? undefined : "Taken.",
      ),
      page: type({ page: "string.integer.parse = '1'", "tags?": "string[]" }),
      id: type({ a: "string.numeric.parse" }),
    },
  ],
];

function afterwards<T>(
  schema: StandardSchema<unknown, T>,
  check: (value: T) => Promise<string | undefined>,
): StandardSchema<unknown, T> {
  return {
    "~standard": {
      version: 1,
      vendor: "test",
      validate: async (value) => {
        const result = await schema["~standard"].validate(value);
        const message = result.issues === undefined ? await check(result.value) : undefined;
        return message === undefined ? result : { issues: [{ message, path: ["name"] }] };
      },
    },
  };
}

describe.each(LIBRARIES)("%s", (library, { user, later, page, id }) => {
  it("makes the body what it says: transformed, with defaults", async () => {
    const answer = await serve(jsonBody(user)).post({
      name: "Ada",
      address: { street: "Main" },
      tags: [],
      x: 1,
    });
    expect(answer).toEqual({
      status: 200,
      body: { name: "ADA", role: "guest", address: { street: "Main" }, tags: [] },
    });
  });

  it("has every issue of the body at once, with paths in dots", async () => {
    const answer = await serve(jsonBody(user)).post({ name: "A", address: {}, tags: ["a", 1] });
    expect([answer.status, [...pathsOf(answer)].sort()]).toEqual([400, ["address.street", "name", "tags.1"]]);
    expect(answer.body).toMatchObject({ code: "ARGANIA_JSON", detail: "The body is not valid." });
  });

  it("is waited for", async () => {
    const app = serve(jsonBody(later));
    expect((await app.post({ name: "free" })).body).toEqual({ name: "free" });
    expect(issuesOf(await app.post({ name: "taken" }))).toEqual(["name: Taken."]);
    expect((await app.post({ name: 1 })).status).toBe(400);
  });

  it("makes the query what it says, repeated names an array", async () => {
    const app = serve(queryParams(page));
    expect((await app.get("/?page=2&tags=a&tags=b")).body).toEqual({ page: 2, tags: ["a", "b"] });
    expect((await app.get("/")).body).toEqual({ page: 1 });
    const wrong = await app.get("/?page=x&tags=a");
    // Who says that it takes an array gets one.
    const paths = library === "valibot" ? ["page", "tags"] : ["page"];
    expect([wrong.status, [...pathsOf(wrong)].sort()]).toEqual([400, paths]);
  });

  it("makes path params what it says, or there is no such resource", async () => {
    const app = serve(pathParams(id));
    expect((await app.get("/42")).body).toEqual({ a: 42 });
    expect((await app.get("/x")).status).toBe(404);
  });
});

describe("a schema", () => {
  const throwing = (make: () => never): StandardSchema<unknown, string> => ({
    "~standard": { version: 1, vendor: "test", validate: make },
  });

  it.each<[string, StandardSchema<unknown, string>]>([
    [
      "throws",
      throwing(() => {
        throw new Error("password=hunter2");
      }),
    ],
    ["rejects", throwing(() => Promise.reject(new Error("password=hunter2")) as never)],
    [
      "throws in zod",
      z.string().transform((): string => {
        throw new Error("password=hunter2");
      }),
    ],
  ])("that %s is a 500 that tells the client nothing", async (_, schema) => {
    const app = serve(jsonBody(schema));
    const answer = await app.post('"x"');
    expect([answer.status, app.reports.length]).toEqual([500, 1]);
    expect(JSON.stringify(answer.body)).not.toContain("hunter2");
  });

  it("with more issues than an answer can have is cut", async () => {
    const app = serve(jsonBody(z.array(z.string())));
    const answer = await app.post(`[${"1,".repeat(100_000)}1]`);
    expect([answer.status, pathsOf(answer).length, pathsOf(answer)[99]]).toEqual([400, 100, "99"]);
  });

  it("with issues that are longer than an answer should be is cut", async () => {
    const key = "k".repeat(100_000);
    const answer = await serve(jsonBody(z.record(z.string(), z.string()))).post({ [key]: 1 });
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body).length).toBeLessThan(1_000);
  });
});
