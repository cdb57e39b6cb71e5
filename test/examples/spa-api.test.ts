import { readdirSync } from "node:fs";
import { type TestClient, testClient } from "argania/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { buildSite } from "../../examples/spa-api/build-site.ts";
import type { Note } from "../../examples/spa-api/note-store.ts";
import { runExample } from "./run-example.ts";

const SECOND = "https://second.example";
/** Never done: it ends with its signal. */
const endless = Object.assign(
  (_: unknown, signal: AbortSignal) =>
    new Promise<string>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
  { timeout: 20 },
);

let client: TestClient;

beforeEach(() => {
  client = testClient(buildSite({ origin: SECOND, summarize: endless, logger: { error() {} } }));
});

afterEach(() => client.close());

const page = { headers: { accept: "text/html", "sec-fetch-dest": "document" } };
const assets = readdirSync(new URL("../../examples/spa-api/public/assets/", import.meta.url));

describe("the app", () => {
  it.each(["/", "/notes/1", "/any/path"])("is one page, at %s", async (path) => {
    const response = await client.get(path, page).expectStatus(200);
    expect(response.headers.get("content-type")).toContain("text/html");
    expect(response.headers.get("content-security-policy")).toContain("script-src 'self'");
    const text = await response.text();
    for (const asset of assets) {
      expect(text).toContain(`/assets/${asset}`);
    }
  });

  it.each(assets)("has %s, which is kept for a year", async (name) => {
    const { headers } = await client.get(`/assets/${name}`).expectStatus(200);
    expect(headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    const again = { headers: { "if-none-match": headers.get("etag") as string } };
    await client.get(`/assets/${name}`, again).expectStatus(304);
  });

  it("is compressed", async () => {
    const name = assets.find((asset) => asset.endsWith(".js"));
    const { headers } = await client.get(`/assets/${name}`, { headers: { "accept-encoding": "gzip" } });
    expect(headers.get("content-encoding")).toBe("gzip");
    expect(headers.get("vary")?.toLowerCase()).toContain("accept-encoding");
  });

  it.each(["/assets/none.js", "/none.css"])("is no page in place of the file %s", async (path) => {
    await client.get(path, page).expectStatus(404);
  });
});

describe("the API", () => {
  it("lists notes, all or those that are searched for", async () => {
    expect(await client.get("/api/notes").json()).toHaveLength(2);
    expect(await client.get("/api/notes?search=LAMP&limit=1").json()).toMatchObject([{ title: "Shopping" }]);
  });

  it("adds, changes and removes a note", async () => {
    const added = await client.post("/api/notes", { json: { title: " New " } }).expectStatus(201);
    expect(added.headers.get("location")).toBe("/api/notes/3");
    expect(await added.json()).toEqual({ id: 3, version: 1, title: "New", text: "" });
    const headers = { "if-match": added.headers.get("etag") as string };
    const changed = client.put("/api/notes/3", { json: { title: "Newer" }, headers });
    expect(await changed.json()).toMatchObject({ title: "Newer", version: 2 });
    await client.delete("/api/notes/3").expectStatus(204);
    await client.delete("/api/notes/3").expectStatus(404);
  });

  it("does not let a change undo another one", async () => {
    const json = { title: "Mine" };
    await client.put("/api/notes/1", { json }).expectStatus(428);
    await client.put("/api/notes/1", { json, headers: { "if-match": '"1"' } }).expectStatus(200);
    await client.put("/api/notes/1", { json, headers: { "if-match": '"1"' } }).expectStatus(412);
    await client.delete("/api/notes/1", { headers: { "if-match": '"1"' } }).expectStatus(412);
    await client.put("/api/notes/1", { json, headers: { "if-match": '"2"' } }).expectStatus(200);
  });

  it("sends nothing that the client has", async () => {
    for (const path of ["/api/notes", "/api/notes/1"]) {
      const { headers } = await client.get(path);
      const again = { headers: { "if-none-match": headers.get("etag") as string } };
      await client.get(path, again).expectStatus(304);
    }
  });

  it("compresses long answers, also for those who come again", async () => {
    const text = "word ".repeat(1_000);
    await client.post("/api/notes", { json: { title: "Long", text } });
    const headers = { "accept-encoding": "gzip" };
    const long = await client.get("/api/notes/3", { headers });
    expect(long.headers.get("content-encoding")).toBe("gzip");
    const tag = { ...headers, "if-none-match": long.headers.get("etag") as string };
    await client.get("/api/notes/3", { headers: tag }).expectStatus(304);
  });

  it.each([
    ["a query that does not fit", "GET", "/api/notes?limit=none", undefined, 400],
    ["a note without a title", "POST", "/api/notes", { text: "x" }, 400],
    ["a title of spaces", "POST", "/api/notes", { title: "  " }, 400],
    ["a note that is too large", "POST", "/api/notes", { title: "x", text: "x".repeat(70_000) }, 413],
    ["a text that is too long", "POST", "/api/notes", { title: "x", text: "x".repeat(20_000) }, 400],
    ["a note that is not there", "GET", "/api/notes/99", undefined, 404],
    ["a path that is none, to a browser, too", "GET", "/api/nowhere", undefined, 404],
    ["a path below a note", "GET", "/api/notes/1/nowhere", undefined, 404],
    ["a method that there is not", "PATCH", "/api/notes", undefined, 405],
  ] as const)("refuses %s with problem details", async (_, method, path, json, status) => {
    const init = { headers: { accept: "application/json, text/html" }, ...(json && { json }) };
    const response = await client.request(method, path, init).expectStatus(status);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    expect(await response.json()).toMatchObject({ status });
  });

  it("does not wait for ever for a summary", async () => {
    const response = await client.get("/api/notes/1/summary").expectStatus(504);
    expect(await response.json()).toMatchObject({ code: "ARGANIA_HANDLER_TIMEOUT" });
    await client.get("/api/notes/99/summary").expectStatus(404);
    const prompt = Object.assign(async ({ title }: Note) => `About ${title}`, { timeout: 10_000 });
    const other = buildSite({ origin: SECOND, summarize: prompt });
    expect(await (await other.request("/api/notes/1/summary")).text()).toBe("About Shopping");
  });

  it("tells of changes, also of those that a client has missed", async () => {
    const events = client.events("/api/notes/events");
    const first = events.next();
    await client.post("/api/notes", { json: { title: "Live" } }).expectStatus(201);
    expect(await first).toMatchObject({ value: { event: "added" } });
    await events.close();
    await client.delete("/api/notes/3").expectStatus(204);
    const again = client.events("/api/notes/events", { lastEventId: events.lastEventId });
    const { value } = await again.next();
    expect([value?.event, JSON.parse(value?.data ?? "").title]).toEqual(["removed", "Live"]);
    await again.close();
  });
});

describe("pages of other origins", () => {
  const from = (origin: string) => ({ origin, "sec-fetch-site": "cross-site" });

  it("may read and change notes if they are the second front end's", async () => {
    const { headers } = await client.get("/api/notes/1", { headers: from(SECOND) });
    expect(headers.get("access-control-allow-origin")).toBe(SECOND);
    expect(headers.get("access-control-expose-headers")).toMatch(/etag/i);
    await client.post("/api/notes", { json: { title: "x" }, headers: from(SECOND) }).expectStatus(201);
    const preflight = { ...from(SECOND), "access-control-request-method": "PUT" };
    const answer = await client.options("/api/notes/1", { headers: preflight }).expectStatus(204);
    expect(answer.headers.get("access-control-allow-methods")).toContain("PUT");
    const missing = await client.get("/api/notes/99", { headers: from(SECOND) }).expectStatus(404);
    expect(missing.headers.get("access-control-allow-origin")).toBe(SECOND);
  });

  it("may not, if they are anybody else's", async () => {
    const headers = from("https://evil.example");
    const read = await client.get("/api/notes/1", { headers });
    expect(read.headers.get("access-control-allow-origin")).toBeNull();
    const refused = await client.post("/api/notes", { json: { title: "x" }, headers }).expectStatus(403);
    expect(await refused.json()).toMatchObject({ code: "ARGANIA_CSRF" });
    expect(await client.get("/api/notes").json()).toHaveLength(2);
  });
});

describe.each(["Express", "Hono"])("the older app of %s", (name) => {
  const at = (path: string) => `/legacy/${name.toLowerCase()}${path}`;

  it("answers below its path, and is inside of the layers", async () => {
    const response = await client.get(at("/hello/ada")).expectStatus(200);
    expect(response.headers.get("x-frame-options")).toBe("SAMEORIGIN");
    expect(await response.json()).toEqual({ hello: "ada", from: name });
    const echo = await client.post(at("/echo"), { json: { a: 1 } }).expectStatus(201);
    expect(await echo.json()).toEqual({ a: 1 });
    await client.get(at("/nowhere")).expectStatus(404);
  });
});

describe("the process", () => {
  it("serves, and ends when it is asked to, with a stream open", async () => {
    const app = await runExample("spa-api");
    try {
      expect(await (await fetch(app.url, page)).text()).toContain("<title>Notes</title>");
      expect(await (await fetch(`${app.url}/api/notes`)).json()).toHaveLength(2);
      expect((await fetch(`${app.url}/legacy/express/hello/ada`)).status).toBe(200);
      const events = await fetch(`${app.url}/api/notes/events`);
      expect(events.headers.get("content-type")).toBe("text/event-stream");
      expect(await app.stop()).toEqual({ code: 0, signal: null });
      expect(await events.text()).toContain("retry:1000");
    } finally {
      await app.stop();
    }
  });
});
