import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Service } from "argania";
import { createLogger } from "argania/logger";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { buildApp } from "../../examples/saas/build-app.ts";
import { readConfig } from "../../examples/saas/config.ts";
import { runExample } from "./run-example.ts";

type App = ReturnType<typeof buildApp>;
const apps: App[] = [];
const folder = mkdtempSync(join(tmpdir(), "argania-saas-"));
let service: Service;

const lines: string[] = [];
async function start(environment: string, env: Record<string, string> = {}): Promise<Service> {
  const logger = createLogger({ destination: { write: (line) => lines.push(line) } });
  const app = buildApp(await readConfig({ environment, env }), logger);
  apps.push(app);
  return app.service();
}

beforeEach(async () => {
  service = await start("test");
});

afterEach(async () => {
  await Promise.all(apps.splice(0).map((app) => app.close()));
  lines.length = 0;
});

const json = { "content-type": "application/json" };
const admin = { authorization: `Basic ${btoa("admin:for tests only")}` };
const addTask = (host: string, title: string) =>
  service.request(`http://${host}/tasks`, { method: "POST", headers: json, body: JSON.stringify({ title }) });

describe("a tenant's host", () => {
  it("shows the tenant's page, with links to its tasks", async () => {
    const response = await service.request("http://acme.localhost/");
    expect(response.status).toBe(200);
    const page = await response.text();
    expect(page).toContain("<h1>Acme</h1>");
    expect(page).toContain('<a href="/tasks/1">Build a rocket</a>');
    expect(page).toContain('href="/tasks?open=true"');
  });

  it("is found without regard to case and port", async () => {
    expect((await service.request("http://ACME.localhost:8080/")).status).toBe(200);
  });

  it.each(["/", "/tasks", "/tasks/1", "/nowhere"])("is a 404 at %s for an unknown tenant", async (path) => {
    const response = await service.request(`http://nobody.localhost${path}`);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ detail: "There is no such tenant." });
  });

  it("adds, shows, finishes and removes tasks", async () => {
    const added = await addTask("acme.localhost", " Order <fuel> ");
    expect(added.status).toBe(201);
    expect(added.headers.get("location")).toBe("/tasks/2");
    expect(await added.json()).toEqual({ id: 2, title: "Order <fuel>", isDone: false });
    expect(await (await service.request("http://acme.localhost/")).text()).toContain("Order &#60;fuel&#62;");

    const done = await service.request("http://acme.localhost/tasks/2/done", { method: "PUT" });
    expect(await done.json()).toMatchObject({ isDone: true });
    const open = await service.request("http://acme.localhost/tasks?open=true");
    expect(await open.json()).toMatchObject([{ id: 1 }]);

    const one = "http://acme.localhost/tasks/2";
    expect((await service.request(one, { method: "DELETE" })).status).toBe(204);
    for (const method of ["GET", "DELETE"]) {
      expect((await service.request(one, { method })).status).toBe(404);
    }
    expect((await service.request(`${one}/done`, { method: "PUT" })).status).toBe(404);
  });

  it("keeps tenants apart", async () => {
    await addTask("acme.localhost", "A secret");
    const others = await (await service.request("http://globex.localhost/tasks")).text();
    expect(others).not.toContain("secret");
    expect((await service.request("http://globex.localhost/tasks/2")).status).toBe(404);
  });

  it("refuses what does not fit", async () => {
    expect((await addTask("acme.localhost", "  ")).status).toBe(400);
    expect((await addTask("acme.localhost", "x".repeat(5_000))).status).toBe(413);
    expect((await service.request("http://acme.localhost/tasks?open=maybe")).status).toBe(400);
    expect((await service.request("http://acme.localhost/tasks/x")).status).toBe(404);
    expect((await service.request("http://acme.localhost/tasks", { method: "PATCH" })).status).toBe(405);
  });

  it("has the limit of its plan", async () => {
    expect((await addTask("globex.localhost", "Second")).status).toBe(201);
    const third = await addTask("globex.localhost", "Third");
    expect(third.status).toBe(409);
    expect(await third.json()).toMatchObject({ code: "PLAN_LIMIT" });
  });
});

describe("the admins' host", () => {
  it.each(["/", "/tenants", "/tenants/acme", "/nowhere"])("wants a password for %s", async (path) => {
    const url = `http://admin.localhost${path}`;
    const response = await service.request(url);
    expect(response.status).toBe(401);
    expect(response.headers.get("www-authenticate")).toContain('Basic realm="admin"');
    const headers = { authorization: `Basic ${btoa("admin:guessed")}` };
    expect((await service.request(url, { headers })).status).toBe(401);
  });

  it("lists, shows and removes tenants", async () => {
    const ask = (path: string, method = "GET") =>
      service.request(`http://admin.localhost${path}`, { method, headers: admin });
    expect(await (await ask("/")).text()).toContain('<a href="/tenants/acme">acme</a>');
    expect(await (await ask("/tenants")).json()).toHaveLength(2);
    expect(await (await ask("/tenants/acme")).json()).toMatchObject({ name: "Acme", maxTasks: 100 });
    expect((await ask("/tenants/acme", "DELETE")).status).toBe(204);
    expect((await ask("/tenants/acme", "DELETE")).status).toBe(404);
    expect((await ask("/tenants/acme")).status).toBe(404);
    expect((await service.request("http://acme.localhost/")).status).toBe(404);
  });

  it("does not take what the page of another site sends with the password that the browser knows", async () => {
    const headers = { ...admin, origin: "https://evil.example", "sec-fetch-site": "cross-site" };
    const response = await service.request("http://admin.localhost/tenants/acme", {
      method: "DELETE",
      headers,
    });
    expect(response.status).toBe(403);
    expect((await service.request("http://acme.localhost/")).status).toBe(200);
  });
});

describe("the site without a host", () => {
  const signUp = (fields: Record<string, string>) =>
    service.request("http://localhost:8080/sign-up", { method: "POST", body: new URLSearchParams(fields) });

  it.each(["http://localhost/", "http://127.0.0.1/", "http://a.b.localhost/", "/"])(
    "is at %s",
    async (url) => {
      expect(await (await service.request(url)).text()).toContain('<a href="/sign-up">');
    },
  );

  it("signs a tenant up and leads to its host", async () => {
    expect(await (await service.request("/sign-up")).text()).toContain('action="/sign-up"');
    const response = await signUp({ slug: "initech", name: "Initech" });
    expect(response.status).toBe(303);
    expect(response.headers.get("location")).toBe("http://initech.localhost:8080/");
    expect((await service.request("http://initech.localhost:8080/")).status).toBe(200);
    expect((await signUp({ slug: "initech", name: "Another" })).status).toBe(409);
  });

  it.each(["admin", "Acme", "a", "-x-", "a.b", "x/y"])("refuses the subdomain %s", async (slug) => {
    expect((await signUp({ slug, name: "x" })).status).toBe(400);
  });
});

describe("the configuration", () => {
  it("puts security headers and request ids on every answer", async () => {
    for (const url of ["http://acme.localhost/", "http://nobody.localhost/", "http://admin.localhost/"]) {
      const { headers } = await service.request(url);
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("x-request-id")).toMatch(/^[\w-]{16,}$/);
    }
  });

  it("switches the logger on and off, and leaves out /health", async () => {
    await service.request("/");
    expect(lines).toEqual([]);
    const site = await start("development");
    await site.request("/health");
    const { headers } = await site.request("http://acme.localhost/tasks/1");
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { route: "/tasks/{id:\\d+}", host: "acme.localhost", requestId: headers.get("x-request-id") },
    ]);
  });

  it("has other values in production, and wants a password of its own there", async () => {
    await expect(start("production")).rejects.toMatchObject({ code: "ARGANIA_CONFIG" });
    const file = join(folder, "production.json");
    const env = { ADMIN_PASSWORD: "one of your own", SAAS__STORE__FILE: file, DOMAIN: "example.com" };
    const site = await start("production", env);
    const response = await site.request("https://example.com/");
    expect(response.headers.get("strict-transport-security")).toContain("max-age=");
    expect((await site.request("https://acme.example.com/")).status).toBe(404); // no samples
  });

  it("switches maintenance on by a variable", async () => {
    const site = await start("test", { SAAS__SERVER__MIDDLEWARES__MAINTENANCE: "true" });
    const response = await site.request("http://acme.localhost/");
    expect(response.status).toBe(503);
    expect(response.headers.get("retry-after")).toBe("600");
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
  });
});

describe("the process", () => {
  it("serves, and writes the store when it is asked to end", async () => {
    const file = join(folder, "tenants.json");
    const app = await runExample("saas", { SAAS__STORE__FILE: file });
    try {
      const home = await fetch(app.url);
      expect(await home.text()).toContain("Tasks for teams");
      const body = new URLSearchParams({ slug: "initech", name: "Initech" });
      const signedUp = await fetch(`${app.url}/sign-up`, { method: "POST", body, redirect: "manual" });
      expect(signedUp.status).toBe(303);
    } finally {
      expect(await app.stop()).toEqual({ code: 0, signal: null });
    }
    expect(app.output()).toContain("Closed.");
    const slugs = JSON.parse(readFileSync(file, "utf8")).map(({ slug }: { slug: string }) => slug);
    expect(slugs).toEqual(["acme", "globex", "initech"]);
    rmSync(folder, { recursive: true });
  });
});
