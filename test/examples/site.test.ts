import { beforeEach, describe, expect, it } from "vitest";
import { urlsToTry } from "../../examples/site/urls-to-try.ts";
import { exampleSite } from "./example-site.ts";

const lines: string[] = [];
let site: Awaited<ReturnType<typeof exampleSite>>;

beforeEach(async () => {
  lines.length = 0;
  site = await exampleSite((line) => lines.push(line));
});

const api = (path: string) => `http://api.localhost${path}`;
const json = { "content-type": "application/json" };
const browser = { accept: "text/html,application/xhtml+xml,*/*;q=0.8" };
const emma = JSON.stringify({ title: "Emma", author: "Jane Austen", year: 1815 });

describe("the API on api.localhost", () => {
  it("lists books, all or those that are searched for", async () => {
    const all = (await (await site.request(api("/books"))).json()) as unknown[];
    expect(all).toHaveLength(4);
    const found = await site.request(api("/books?search=WELLS&limit=1"));
    expect(await found.json()).toMatchObject([{ id: 3, title: "The Time Machine" }]);
  });

  it("refuses a query that is not valid with problem details", async () => {
    const response = await site.request(api("/books?limit=x&search=a&search=b"));
    expect(response.status).toBe(400);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(await response.json()).toMatchObject({
      code: "ARGANIA_QUERY_PARAMS",
      issues: [{ path: "search" }, { path: "limit" }],
    });
  });

  it("adds, replaces and removes a book", async () => {
    const added = await site.request(api("/books"), { method: "POST", headers: json, body: emma });
    expect(added.status).toBe(201);
    expect(added.headers.get("location")).toBe("/books/5");
    const location = api(added.headers.get("location") as string);
    expect(await (await site.request(location)).json()).toMatchObject({ id: 5, title: "Emma" });

    const body = emma.replace("Emma", "Persuasion");
    expect((await site.request(location, { method: "PUT", headers: json, body })).status).toBe(200);
    expect(await (await site.request(location)).json()).toMatchObject({ id: 5, title: "Persuasion" });

    expect((await site.request(location, { method: "DELETE" })).status).toBe(204);
    for (const method of ["GET", "DELETE"]) {
      expect((await site.request(location, { method })).status).toBe(404);
    }
    expect((await site.request(location, { method: "PUT", headers: json, body })).status).toBe(404);
  });

  it.each([
    ["another type", { "content-type": "text/plain" }, emma, 415],
    ["no type", {}, new Uint8Array(1), 400],
    ["malformed JSON", json, "{", 400],
    ["JSON that is no object", json, "null", 400],
    ["a missing field", json, `{"title":"Emma","year":1815}`, 400],
    ["a title of spaces", json, emma.replace("Emma", "  "), 400],
    ["a year that is text", json, emma.replace("1815", `"1815"`), 400],
    ["too long a body", json, JSON.stringify({ title: "x".repeat(20_000) }), 413],
    ["too long a body, as it says", { ...json, "content-length": "99999" }, emma, 413],
  ])("refuses %s", async (_, headers, body, status) => {
    const response = await site.request(api("/books"), { method: "POST", headers, body });
    expect(response.status).toBe(status);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
  });

  it("lists everything that is wrong with a book", async () => {
    const body = `{"title":"","year":1.5}`;
    const response = await site.request(api("/books"), { method: "POST", headers: json, body });
    expect(await response.json()).toMatchObject({
      code: "ARGANIA_JSON",
      issues: [{ path: "title" }, { path: "author" }, { path: "year" }],
    });
  });

  it("answers with problem details whatever the client accepts", async () => {
    for (const path of ["/", "/nowhere", "/books/99", "/books/x"]) {
      const response = await site.request(api(path), { headers: browser });
      expect(response.status).toBe(404);
      expect(response.headers.get("content-type")).toBe("application/problem+json");
    }
    const response = await site.request(api("/books"), { method: "PATCH" });
    expect([response.status, response.headers.get("allow")]).toEqual([405, "GET, HEAD, POST"]);
  });
});

describe("the page app on localhost", () => {
  it("answers every path below /app with the page", async () => {
    const page = await (await site.request("/app")).text();
    expect(page).toContain("/assets/app.js");
    for (const path of ["/app/books/2", "/app/a/b/c", "/app/about/"]) {
      const response = await site.request(path, { headers: browser });
      expect(response.status).toBe(200);
      expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
      expect(await response.text()).toBe(page);
    }
  });

  it.each([
    ["app.js", "text/javascript; charset=utf-8"],
    ["logo.svg", "image/svg+xml"],
    ["style.css", "text/css; charset=utf-8"],
  ])("serves the asset %s as %s", async (name, type) => {
    const response = await site.request(`/assets/${name}`);
    expect([response.status, response.headers.get("content-type")]).toEqual([200, type]);
    expect((await response.text()).length).toBeGreaterThan(100);
  });

  it("serves no other files", async () => {
    for (const path of ["/assets/index.html", "/assets/..%2fapp%2findex.html", "/assets/", "/app/none.js"]) {
      expect((await site.request(path)).status).toBe(404);
    }
  });

  it("has the API below /api, with links to there", async () => {
    expect(await (await site.request("/api/health")).json()).toEqual({ ok: true });
    const added = await site.request("/api/books", { method: "POST", headers: json, body: emma });
    expect(added.headers.get("location")).toBe("/api/books/5");
  });

  it("keeps a 404 below /api JSON, and shows a page elsewhere", async () => {
    for (const path of ["/api", "/api/nowhere", "/api/books/7/pages", "/api/books/99"]) {
      const response = await site.request(path, { headers: browser });
      expect(response.status).toBe(404);
      expect(response.headers.get("content-type")).toBe("application/problem+json");
    }
    const page = await site.request("/<b>nowhere", { headers: browser });
    expect([page.status, page.headers.get("content-type")]).toEqual([404, "text/html; charset=utf-8"]);
    expect(page.headers.get("vary")).toBe("accept");
    expect(await page.text()).not.toContain("<b>nowhere");
    const problem = await site.request("/nowhere");
    expect(problem.headers.get("content-type")).toBe("application/problem+json");
    expect(problem.headers.get("vary")?.toLowerCase()).toBe("accept");
  });

  it("keeps the headers of an error in its page", async () => {
    const response = await site.request("/app", { method: "POST", headers: browser });
    expect([response.status, response.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
    expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
  });
});

describe("the other hosts", () => {
  it("greets the guests of a tenant", async () => {
    expect(await (await site.request("http://acme.localhost/")).text()).toBe("Welcome to Acme (acme).\n");
    const greeting = await site.request("http://GLOBEX.localhost/hello/Ren%C3%A9e");
    expect(await greeting.text()).toBe("Bienvenue, Renée.\n");
  });

  it("answers for the whole subtree of a tenant's shelves", async () => {
    const response = await site.request("http://acme.localhost/shelves/a/b%2Fc");
    expect(await response.text()).toBe("Shelves > a > b/c\n");
  });

  it("has nothing for a tenant that does not exist", async () => {
    expect((await site.request("http://initech.localhost/")).status).toBe(404);
  });

  it("sends every other host to localhost", async () => {
    const response = await site.request("http://127.0.0.1/app?a=b");
    expect([response.status, response.headers.get("location")]).toEqual([
      307,
      "http://localhost:8080/app?a=b",
    ]);
  });
});

it("logs each request in one line", async () => {
  await site.request("/app/a");
  await site.request("/nowhere");
  expect(lines).toEqual([
    expect.stringMatching(/^GET \/app\/a 200 \d+\.\d ms$/),
    expect.stringMatching(/^GET \/nowhere 404 \d+\.\d ms$/),
  ]);
});

it("names the port in every URL to try", () => {
  expect(urlsToTry(1234, "x").match(/localhost:\d+|127\.0\.0\.1:\d+/g)).not.toContain("localhost:8080");
  expect(urlsToTry(1234, "x")).toContain("http://acme.localhost:1234/");
});

it("prints its tree with hosts, methods and layers", () => {
  const tree = String(site);
  for (const part of [
    "//api.localhost",
    "{id:\\d+}",
    "[GET, PUT, DELETE]",
    "ErrorHandlerLayer",
    "requireLogin",
    "/shelves  *",
  ]) {
    expect(tree).toContain(part);
  }
});
