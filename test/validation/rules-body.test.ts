import { jsonBody } from "argania";
import { describe, expect, it } from "vitest";
import "argania/fastest-validator";
import { issuesOf, pathsOf, serve } from "./serve.ts";

const user = jsonBody({
  name: "string|min:3",
  role: { type: "enum", values: ["admin", "guest"], default: "guest" },
  age: "number|integer|positive|optional",
  tags: "string[]",
  address: { $$type: "object", street: "string", zip: "string|length:5|optional" },
});

describe("a body by rules", () => {
  it("is what the rules say, with defaults, and without names that no rule is for", async () => {
    const app = serve(user);
    const body = { name: "Ada", tags: ["a"], address: { street: "Main", isAdmin: true }, isAdmin: true };
    expect(await app.post(body)).toEqual({
      status: 200,
      body: { name: "Ada", role: "guest", tags: ["a"], address: { street: "Main" } },
    });
  });

  it("is a 400 with every issue at once, in problem details", async () => {
    const body = { name: "A", role: "root", age: -1.5, tags: ["a", 1, null], address: { zip: "1" } };
    expect(await serve(user).post(body)).toEqual({
      status: 400,
      body: {
        type: "about:blank",
        title: "Bad Request",
        status: 400,
        detail: "The body is not valid.",
        code: "ARGANIA_JSON",
        issues: [
          {
            path: "name",
            message: "The 'name' field length must be greater than or equal to 3 characters long.",
          },
          {
            path: "role",
            message: "The 'role' field value 'admin, guest' does not match any of the allowed values.",
          },
          { path: "age", message: "The 'age' field must be an integer." },
          { path: "age", message: "The 'age' field must be a positive number." },
          { path: "tags.1", message: "The 'tags.1' field must be a string." },
          { path: "tags.2", message: "The 'tags.2' field is required." },
          { path: "address.street", message: "The 'address.street' field is required." },
          { path: "address.zip", message: "The 'address.zip' field length must be 5 characters long." },
        ],
      },
    });
  });

  it.each([null, [], '"text"', 7, true])("that is no object is an issue of the whole: %j", async (body) => {
    const answer = await serve(user).post(body);
    expect([answer.status, pathsOf(answer)]).toEqual([400, [""]]);
    expect(issuesOf(answer)[0]).toMatch(/^: The value (is required|must be an Object)\.$/);
  });

  it("keeps its limit and its syntax errors", async () => {
    const app = serve(jsonBody({ name: "string" }, { limit: 20 }));
    expect((await app.post({ name: "a".repeat(30) })).status).toBe(413);
    expect((await app.post("{")).status).toBe(400);
    expect((await serve(jsonBody.withLimit(20)({ name: "string" })).post({ name: "a" })).status).toBe(200);
  });
});

describe("what is missing", () => {
  const app = serve(
    jsonBody({
      optional: "string|optional",
      nullable: "string|nullable",
      both: "number|optional|nullable",
      preset: "number|default:0",
      made: { type: "array", items: "string", default: () => ["x"] },
      since: { type: "date", default: new Date(0) },
      kept: { type: "string", nullable: true, default: "x" },
    }),
  );

  it("is left out, null, or the default", async () => {
    await app.post({ nullable: null });
    expect(app.seen).toEqual({ nullable: null, preset: 0, made: ["x"], since: new Date(0), kept: "x" });
    await app.post({ optional: null, nullable: null, both: null, preset: null, made: null, kept: null });
    expect(app.seen).toEqual({
      nullable: null,
      both: null,
      preset: 0,
      made: ["x"],
      since: new Date(0),
      kept: null,
    });
    expect(Object.keys(app.seen as object)).not.toContain("optional");
  });

  it("is made anew for each request", async () => {
    const seen: unknown[] = [];
    for (let turn = 0; turn < 2; turn++) {
      await app.post({ nullable: "" });
      const { since, made } = app.seen as { since: Date; made: string[] };
      seen.push(since.getTime(), made.length);
      since.setTime(5);
      made.push("y");
    }
    expect(seen).toEqual([0, 1, 0, 1]);
  });
});

describe("names that no rule is for", () => {
  const body = { a: 1, b: { c: 2, d: 3 }, e: 4, f: 5 };

  it.each<[string, Parameters<typeof jsonBody>[0], unknown]>([
    ["left out", { a: "number", b: { $$type: "object", c: "number" } }, { a: 1, b: { c: 2 } }],
    ["removed", { $$strict: "remove", a: "number" }, { a: 1 }],
    ["kept", { $$strict: false, a: "number" }, body],
    ["kept in what has no rules inside", { a: "number", b: "object" }, { a: 1, b: { c: 2, d: 3 } }],
  ])("are %s", async (_, rules, expected) => {
    expect((await serve(jsonBody(rules)).post(body)).body).toEqual(expected);
  });

  it("are an issue each where the rules are strict, nested ones too", async () => {
    const strict = jsonBody({
      $$strict: true,
      a: "number",
      b: { $$type: "object", $$strict: true, c: "string" },
    });
    expect(issuesOf(await serve(strict).post(body))).toEqual([
      "e: The 'e' field is not allowed.",
      "f: The 'f' field is not allowed.",
      "b.d: The 'b.d' field is not allowed.",
      "b.c: The 'b.c' field must be a string.",
    ]);
  });
});

describe("other roots", () => {
  it("are any value with $$root", async () => {
    const list = serve(jsonBody({ $$root: true, type: "array", items: "string|trim", min: 1 }));
    expect((await list.post([" a "])).body).toEqual(["a"]);
    expect(issuesOf(await list.post(["a", 1]))).toEqual(["1: The '1' field must be a string."]);
    expect((await list.post([])).status).toBe(400);
    expect((await serve(jsonBody({ $$root: true, type: "string", trim: true })).post('" a "')).body).toBe(
      "a",
    );
    const maybe = serve(jsonBody({ $$root: true, type: "number", default: 3 }));
    expect((await maybe.post("null")).body).toBe(3);
  });

  it("are alternatives, each tried on the value as it came", async () => {
    const app = serve(
      jsonBody([
        { $$type: "object", a: "string|trim|uppercase", b: "number" },
        { $$type: "object", a: "string", c: "boolean|default:true" },
      ]),
    );
    expect((await app.post({ a: " x ", c: false })).body).toEqual({ a: " x ", c: false });
    expect((await app.post({ a: " x ", b: 1 })).body).toEqual({ a: "X", b: 1 });
    expect(pathsOf(await app.post({ a: 1 }))).toEqual(["a", "b", "a"]);
  });

  it("are rules inside themselves, to a depth", async () => {
    const node: Record<string, unknown> = { $$type: "object", name: "string" };
    node.children = { type: "array", items: node, optional: true };
    const app = serve(jsonBody({ tree: node as { $$type: "object" } }));
    const tree = { name: "a", children: [{ name: "b", children: [{ name: "c" }] }] };
    expect((await app.post({ tree })).body).toEqual({ tree });
    expect(pathsOf(await app.post({ tree: { name: "a", children: [{ name: 1, children: [{}] }] } }))).toEqual(
      ["tree.children.0.name", "tree.children.0.children.0.name"],
    );
    const depth = 20_000;
    const deep = `{"tree":${'{"name":"a","children":['.repeat(depth)}${"]}".repeat(depth)}}`;
    const answer = await app.post(deep);
    expect([answer.status, issuesOf(answer)[0]]).toEqual([400, expect.stringContaining("nested too deep")]);
  });
});
