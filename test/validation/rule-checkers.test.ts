import { jsonBody, queryParams, type RuleFailure } from "argania";
import { describe, expect, it } from "vitest";
import "argania/fastest-validator";
import { issuesOf, serve } from "./serve.ts";

const noVowel = (value: string, errors: RuleFailure[]) => {
  if (/[aeiou]/.test(value)) {
    errors.push({ type: "vowel", message: "{field} has a vowel, {actual}.", actual: value });
  }
  return value.toUpperCase();
};

describe("a checker", () => {
  it("checks, and gives the value to go on with", async () => {
    const app = serve(jsonBody({ a: { type: "string", custom: noVowel } }));
    expect((await app.post({ a: "xyz" })).body).toEqual({ a: "XYZ" });
    expect(issuesOf(await app.post({ a: "abc" }))).toEqual(["a: a has a vowel, abc."]);
  });

  it("that returns nothing leaves the value as it is", async () => {
    const app = serve(
      jsonBody({ a: { type: "string", custom: () => {} }, b: { type: "custom", check: () => {} } }),
    );
    expect((await app.post({ a: "x", b: 1 })).body).toEqual({ a: "x", b: 1 });
  });

  it("runs only on what has passed its rule", async () => {
    const seen: unknown[] = [];
    const custom = (value: unknown) => void seen.push(value);
    const app = serve(
      jsonBody({
        a: { type: "string", min: 3, custom },
        b: { type: "string", optional: true, custom },
        list: { type: "array", items: { type: "string", custom }, custom },
      }),
    );
    for (const body of [
      {},
      { a: null, b: null, list: null },
      { a: 1, b: 2, list: [3] },
      { a: "x", list: {} },
    ]) {
      expect((await app.post(body)).status).toBe(400);
    }
    expect(seen).toEqual([]);
    await app.post({ a: "abc", list: ["d"] });
    expect(seen).toEqual(["abc", "d", ["d"]]);
  });

  it("sees the rule, the path, the object around it and the whole value, and no other request's", async () => {
    const seen: unknown[] = [];
    const custom = (
      _: unknown,
      __: unknown,
      schema: object,
      path: string,
      parent: unknown,
      context: { data: unknown },
    ) => void seen.push([(schema as { weight?: number }).weight, path, parent, context.data]);
    const app = serve(jsonBody({ a: { $$type: "object", b: { type: "string", weight: 3, custom } } }));
    await Promise.all([app.post({ a: { b: "x" }, c: 1 }), app.post({ a: { b: "y" } })]);
    expect(seen).toEqual([
      [3, "a.b", { b: "x" }, { a: { b: "x" }, c: 1 }],
      [3, "a.b", { b: "y" }, { a: { b: "y" } }],
    ]);
  });

  it("runs at each place of a rule that is used twice, and at each depth", async () => {
    const name = { type: "string", custom: noVowel } as const;
    const app = serve(
      jsonBody({ a: name, b: { $$type: "object", c: name }, list: { type: "array", items: name } }),
    );
    const answer = await app.post({ a: "a", b: { c: "a" }, list: ["x", "a"] });
    expect(issuesOf(answer)).toEqual([
      "a: a has a vowel, a.",
      "b.c: b.c has a vowel, a.",
      "list.1: list.1 has a vowel, a.",
    ]);
    const node: Record<string, unknown> = { $$type: "object", name };
    node.next = { ...node, $$type: "object|optional" };
    const tree = serve(jsonBody({ tree: node as { $$type: "object" } }));
    expect(issuesOf(await tree.post({ tree: { name: "x", next: { name: "a" } } }))).toHaveLength(1);
  });

  it("runs at each depth of a rule inside itself", async () => {
    const node: Record<string, unknown> = { type: "object", custom: () => {} };
    node.props = {
      name: { type: "string", custom: noVowel },
      next: { type: "multi", rules: [node], optional: true },
    };
    const app = serve(jsonBody({ node: node as { type: "object" } }));
    expect((await app.post({ node: { name: "x", next: { name: "y" } } })).body).toEqual({
      node: { name: "X", next: { name: "Y" } },
    });
    expect(issuesOf(await app.post({ node: { name: "x", next: { name: "a" } } }))).toEqual([
      "node.next.name: node.next.name has a vowel, a.",
    ]);
  });

  it("that throws is a 500 that tells the client nothing", async () => {
    const custom = () => {
      throw new Error("hunter2");
    };
    for (const rules of [
      { a: { type: "string", custom } },
      { $$async: true, a: { type: "string", custom } },
    ] as const) {
      const app = serve(jsonBody(rules));
      const answer = await app.post({ a: "x" });
      expect([answer.status, app.reports.length]).toEqual([500, 1]);
      expect(JSON.stringify(answer.body)).not.toContain("hunter2");
      expect((await app.post({ a: 1 })).status).toBe(400);
    }
  });

  it("that returns a promise where nobody waits is a 500, and no pass", async () => {
    const app = serve(jsonBody({ a: { type: "string", custom: () => Promise.reject(new Error("no")) } }));
    expect((await app.post({ a: "x" })).status).toBe(500);
    expect(app.reports[0]?.err).toMatchObject({ message: expect.stringContaining("write $$async: true") });
  });
});

describe("with $$async", () => {
  const taken = async (name: string, errors: RuleFailure[]) => {
    await new Promise((resolve) => setImmediate(resolve));
    if (name === "ada") {
      errors.push({ type: "taken", message: "Taken." });
    }
  };
  const rules = {
    $$async: true,
    name: { type: "string", trim: true, custom: taken },
    friends: { type: "array", items: { type: "string", custom: taken }, optional: true },
    either: { type: "multi", rules: ["number", { type: "string", custom: taken }], optional: true },
    byName: { type: "record", key: { type: "string", custom: taken }, value: "number", optional: true },
    preset: { type: "string", default: async () => "later" },
    own: { type: "custom", check: async (value: unknown) => String(value), optional: true },
  } as const;

  it("checkers are waited for, wherever they are", async () => {
    const app = serve(jsonBody(rules));
    const good = { name: " bob ", friends: ["eve"], either: "x", byName: { x: 1 }, own: 5 };
    expect((await app.post(good)).body).toEqual({ ...good, name: "bob", preset: "later", own: "5" });
    const bad = { name: "ada", friends: ["eve", "ada"], either: "ada", byName: { ada: 1 } };
    expect(issuesOf(await app.post(bad))).toEqual([
      "name: Taken.",
      "friends.1: Taken.",
      "either: The 'either' field must be a number.",
      "either: Taken.",
      "byName.ada: Taken.",
    ]);
    expect((await serve(queryParams(rules)).get("/?name=ada")).status).toBe(400);
  });

  it("requests at the same time do not see each other", async () => {
    const node: Record<string, unknown> = { $$type: "object", name: { type: "string", custom: taken } };
    node.next = { type: "multi", rules: [node], optional: true };
    const app = serve(jsonBody({ $$async: true, node: node as { $$type: "object" } }));
    const depth = 40;
    const chain = (name: string): unknown =>
      Array.from({ length: depth }).reduce(
        (next) => ({ name, ...(next === undefined ? {} : { next }) }),
        undefined,
      );
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, turn) => app.post({ node: chain(turn % 2 === 0 ? "ada" : "bob") })),
    );
    expect(answers.map((answer) => issuesOf(answer).length)).toEqual(
      answers.map((_, turn) => (turn % 2 === 0 ? depth : 0)),
    );
  });
});
