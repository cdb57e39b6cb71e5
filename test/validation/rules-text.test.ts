import { hostParams, pathParams, queryParams } from "argania";
import "argania/fastest-validator";
import { describe, expect, it } from "vitest";
import { issuesOf, pathsOf, serve } from "./serve.ts";

describe("numbers in texts", () => {
  const app = serve(queryParams({ n: "number" }));

  it.each<[string, number]>([
    ["42", 42],
    ["-42", -42],
    ["0", 0],
    ["007", 7],
    ["1.50", 1.5],
    ["1e3", 1000],
    ["1E-2", 0.01],
    ["9007199254740991", Number.MAX_SAFE_INTEGER],
    ["0.1234567890123456789", 0.12345678901234568],
  ])("%j is %j", async (text, number) => {
    await app.get(`/?n=${text}`);
    expect(app.seen).toEqual({ n: number });
  });

  it.each([
    "abc",
    "0x10",
    "0b1",
    "1e999",
    "-1e999",
    "Infinity",
    "NaN",
    "1_000",
    "1,000",
    "%2B5",
    "+5",
    "5+",
    "%205",
    "5.",
    ".5",
    "1e",
    "--1",
    "%D9%A1",
    "true",
    "null",
    "9007199254740993",
    "-9007199254740993",
    "1".repeat(400),
    `0.${"1".repeat(100_000)}`,
  ])("%s is none", async (text) => {
    expect(issuesOf(await app.get(`/?n=${text}`))).toEqual(["n: The 'n' field must be a number."]);
  });

  it("that are empty are missing, as a field of a form that nobody filled in", async () => {
    expect(issuesOf(await app.get("/?n="))).toEqual(["n: The 'n' field is required."]);
    const optional = serve(
      queryParams({
        n: "number|optional",
        page: "number|default:1",
        on: "boolean|optional",
        at: ["date|optional", "number|optional"],
        text: "string|optional",
      }),
    );
    await optional.get("/?n=&page=&on=&at=&text=");
    expect(optional.seen).toStrictEqual({ page: 1, text: "" });
  });

  it("follow their other rules, and need no convert", async () => {
    const page = serve(queryParams({ page: "number|integer|positive|max:10", size: "number|convert" }));
    expect((await page.get("/?page=3&size=5")).body).toEqual({ page: 3, size: 5 });
    expect(pathsOf(await page.get("/?page=1.5&size=0x10"))).toEqual(["page", "size"]);
  });
});

describe("booleans in texts", () => {
  const app = serve(queryParams({ on: "boolean" }));

  it.each(["true", "1", "on"])("%j is true", async (text) => {
    expect((await app.get(`/?on=${text}`)).body).toEqual({ on: true });
  });

  it.each(["false", "0", "off"])("%j is false", async (text) => {
    expect((await app.get(`/?on=${text}`)).body).toEqual({ on: false });
  });

  it.each(["yes", "TRUE", "2", "%20true"])("%j is none", async (text) => {
    expect((await app.get(`/?on=${text}`)).status).toBe(400);
  });
});

describe("dates in texts", () => {
  const app = serve(queryParams({ at: "date" }));

  it.each([
    ["2026-11-21", "2026-11-21T00:00:00.000Z"],
    ["2024-02-29", "2024-02-29T00:00:00.000Z"],
    ["2026-11-21T10:30Z", "2026-11-21T10:30:00.000Z"],
    ["2026-11-21t10:30:15.250z", "2026-11-21T10:30:15.250Z"],
    ["2026-11-21T23:30:00-02:00", "2026-11-22T01:30:00.000Z"],
    ["2026-11-21T10:30:15.123456789%2B01:00", "2026-11-21T09:30:15.123Z"],
  ])("%s is %s", async (text, iso) => {
    await app.get(`/?at=${text}`);
    expect(app.seen).toEqual({ at: new Date(iso) });
  });

  it.each([
    "2026-02-29",
    "2026-02-30T10:00:00Z",
    "2026-13-01",
    "2026-11-21T25:00:00Z",
    "2026-11-21T10:30:00",
    "2026-11-21%2010:30",
    "21.11.2026",
    "Nov 21 2026",
    "1700000000000",
    "2026",
    "now",
  ])("%s is none", async (text) => {
    expect(issuesOf(await app.get(`/?at=${text}`))).toEqual(["at: The 'at' field must be a Date."]);
  });

  it("are milliseconds where the rule says convert", async () => {
    const lenient = serve(queryParams({ at: "date|convert" }));
    await lenient.get("/?at=1700000000000");
    expect(lenient.seen).toEqual({ at: new Date(1_700_000_000_000) });
    expect((await lenient.get(`/?at=${"9".repeat(30)}`)).status).toBe(400);
  });
});

describe("other types in texts", () => {
  it("are members of an enum and values that are not texts", async () => {
    const app = serve(
      queryParams({
        size: { type: "enum", values: [1, 2, "3", true] },
        yes: { type: "equal", value: true, strict: true, optional: true },
        five: { type: "equal", value: 5 },
      }),
    );
    expect((await app.get("/?size=1&five=5")).body).toEqual({ size: 1, five: 5 });
    expect((await app.get("/?size=3&five=5")).body).toEqual({ size: "3", five: 5 });
    expect((await app.get("/?size=true&five=5")).body).toEqual({ size: true, five: 5 });
    expect(pathsOf(await app.get("/?size=4&five=6"))).toEqual(["size", "five"]);
    expect(pathsOf(await app.get("/?size=1&size=2&five=5&five=5"))).toEqual(["size", "five"]);
  });

  it("are alternatives in their order", async () => {
    const app = serve(queryParams({ either: ["number", "boolean", "string"], text: ["string", "number"] }));
    expect((await app.get("/?either=1&text=1")).body).toEqual({ either: 1, text: "1" });
    expect((await app.get("/?either=on&text=1")).body).toEqual({ either: true, text: "1" });
    expect((await app.get("/?either=x&text=1")).body).toEqual({ either: "x", text: "1" });
    // Empty is no number, but a text: each alternative sees what came.
    expect((await app.get("/?either=&text=")).body).toEqual({ either: "", text: "" });
  });
});

describe("repeated names in a query", () => {
  const app = serve(queryParams({ ids: "number[]|optional", q: "string|optional", n: "number|optional" }));

  it("are an array, and so is one where the rules say array", async () => {
    expect((await app.get("/?ids=1&ids=2")).body).toEqual({ ids: [1, 2] });
    expect((await app.get("/?ids=1")).body).toEqual({ ids: [1] });
    expect((await app.get("/")).body).toEqual({});
  });

  it("have issues at their places", async () => {
    expect(issuesOf(await app.get("/?ids=1&ids=x&ids="))).toEqual([
      "ids.1: The 'ids.1' field must be a number.",
      "ids.2: The 'ids.2' field is required.",
    ]);
  });

  it("are an issue where the rules say one value", async () => {
    expect(issuesOf(await app.get("/?q=a&q=b&n=1&n=2"))).toEqual([
      "q: The 'q' field must be a string.",
      "n: The 'n' field must be a number.",
    ]);
  });
});

describe("path params", () => {
  it("are converted, and no such resource is there when they do not fit", async () => {
    const app = serve(pathParams({ a: "number|integer|positive", b: "uuid|optional" }));
    expect((await app.get("/42")).body).toEqual({ a: 42 });
    const missing = await app.get("/x");
    expect(missing).toEqual({
      status: 404,
      body: { type: "about:blank", title: "Not Found", status: 404, code: "ARGANIA_PATH_PARAMS" },
    });
    expect((await app.get("/0")).status).toBe(404);
    expect((await app.get("/42/no-uuid")).status).toBe(404);
  });

  it("of the request stay what they are", async () => {
    const seen: unknown[] = [];
    const app = serve({
      extract: (context, args) => {
        const value = pathParams({ a: "number", b: "string|uppercase" }).extract(context, args);
        seen.push({ ...context.params }, value);
        return value;
      },
    });
    await app.get("/1/x");
    expect(seen).toEqual([
      { a: "1", b: "x" },
      { a: 1, b: "X" },
    ]);
  });

  it("of a host may have defaults, though there are none", async () => {
    expect((await serve(hostParams({ tenant: "string|default:main" })).get("/")).body).toEqual({
      tenant: "main",
    });
  });
});

it("what is equal to a field is what the field was converted to, wherever it stands", async () => {
  const app = serve(
    queryParams({ confirm: { type: "equal", field: "pin" }, pin: "number", again: "equal|field:pin" }),
  );
  await app.get("/?confirm=5&pin=5&again=5");
  expect(app.seen).toEqual({ confirm: 5, pin: 5, again: 5 });
  expect(issuesOf(await app.get("/?confirm=6&pin=5&again=5"))).toHaveLength(1);
});
