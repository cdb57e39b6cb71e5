import { CookieKey } from "argania/cookies";
import { type TestClient, testClient } from "argania/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { buildApp } from "../../examples/auth/build-app.ts";
import { readSecrets } from "../../examples/auth/secrets.ts";
import type { Token } from "../../examples/auth/tokens.ts";
import { runExample } from "./run-example.ts";

const password = "for tests only";
const browser = { accept: "text/html,*/*;q=0.8" };

let app: ReturnType<typeof buildApp>;
let client: TestClient;

beforeEach(async () => {
  app = buildApp({ cookieKey: CookieKey.generate(), tokenSecret: new Uint8Array(32), password });
  client = testClient(await app.service());
});

afterEach(async () => {
  await client.close();
  await app.close();
});

const logIn = (name: string, secret = password) =>
  client.post("/login", { form: { name, password: secret }, headers: browser });

describe("pages", () => {
  it("let somebody log in, greet once, and say who it is", async () => {
    expect(await client.get("/").text()).toContain('href="/login"');
    const response = await logIn("ada").expectStatus(303);
    expect(response.headers.get("location")).toBe("/account");
    expect(client.cookies.get("session")).toMatchObject({ httpOnly: true, sameSite: "lax" });
    expect(await client.get("/account").text()).toContain("Welcome back, ada.");
    const again = await client.get("/account").text();
    expect(again).toContain("<h1>ada</h1>");
    expect(again).not.toContain("Welcome");
    expect(await client.get("/").text()).toContain("You are ada");
    const me = client.get("/account/who-am-i");
    expect(await me.json()).toEqual({ id: "1", name: "ada", role: "admin" });
  });

  it.each([
    ["a wrong password", { name: "ada", password: "guessed" }, 401, "Wrong name or password."],
    ["an unknown name", { name: "<nobody>", password }, 401, 'value="&#60;nobody&#62;"'],
    ["no password", { name: "ada", password: "" }, 400, "Fill in both, please."],
    ["no name", { password }, 400, "Fill in both, please."],
  ])("refuse %s, with the form", async (_, form, status, text) => {
    const response = await client.post("/login", { form, headers: browser }).expectStatus(status);
    const body = await response.text();
    expect(body).toContain(text);
    expect(body).toContain('<form method="post" action="/login">');
    expect(client.cookies.all()).toEqual([]);
  });

  it("refuse a form that is too large, and what is no form", async () => {
    await client.post("/login", { form: { name: "ada", password: "x".repeat(3_000) } }).expectStatus(413);
    await client.post("/login", { json: { name: "ada", password } }).expectStatus(415);
  });

  it.each(["/account", "/account/who-am-i", "/account/nowhere", "/admin", "/admin/nowhere"])(
    "guard %s",
    async (path) => {
      await client.get(path).expectStatus(401);
      const response = await client.get(path, { headers: browser }).expectStatus(303);
      expect(response.headers.get("location")).toBe("/login");
      expect(response.headers.get("vary")?.toLowerCase()).toBe("accept, cookie");
      expect(await client.get("/login").text()).toContain("Log in first, please.");
      expect(await client.get("/login").text()).not.toContain("Log in first, please.");
    },
  );

  it("are for some roles only", async () => {
    await logIn("grace").expectStatus(303);
    const refused = await client.get("/admin").expectStatus(403);
    expect(await refused.json()).toMatchObject({ code: "ROLE" });
    await logIn("ada").expectStatus(303);
    expect(await client.get("/admin").text()).toContain("For admins");
  });

  it("give another session at the login: one that was planted is worth nothing", async () => {
    await client.get("/account", { headers: browser }).expectStatus(303);
    const planted = client.cookies.get("session")?.value;
    expect(planted).toBeDefined();
    await logIn("ada").expectStatus(303);
    expect(client.cookies.get("session")?.value).not.toBe(planted);
    await client.get("/account", { headers: { cookie: `session=${planted}` } }).expectStatus(401);
    await client.get("/account").expectStatus(200);
  });

  it("end a session at the logout, for copies of its cookie, too", async () => {
    await logIn("ada").expectStatus(303);
    const copy = { cookie: `session=${client.cookies.get("session")?.value}` };
    await client.get("/account", { headers: copy }).expectStatus(200);
    const response = await client.post("/logout").expectStatus(303);
    expect(response.headers.get("location")).toBe("/login");
    expect(await client.get("/login").text()).toContain("You are logged out.");
    await client.get("/account").expectStatus(401);
    await client.get("/account", { headers: copy }).expectStatus(401);
    await client.get("/logout").expectStatus(405);
  });

  it("know nobody who is no longer there", async () => {
    await logIn("grace").expectStatus(303);
    await app.context.users.remove("2");
    await client.get("/account").expectStatus(401);
  });

  it("take no form from pages of other sites", async () => {
    const headers = { origin: "https://evil.example", "sec-fetch-site": "cross-site" };
    const form = { name: "ada", password };
    const response = await client.post("/login", { form, headers }).expectStatus(403);
    expect(await response.json()).toMatchObject({ code: "ARGANIA_CSRF" });
    await logIn("ada").expectStatus(303);
    await client.post("/logout", { headers }).expectStatus(403);
    await client.get("/account").expectStatus(200);
  });

  it("take no session that somebody has made up", async () => {
    for (const cookie of ["session=1", `session=${"A".repeat(120)}`, "session="]) {
      await client.get("/account", { headers: { cookie } }).expectStatus(401);
    }
  });
});

describe("secrets", () => {
  it("are those of the environment, or made anew", () => {
    const secret = "a secret of thirty-two bytes or more";
    const set = readSecrets({ COOKIE_SECRET: secret, TOKEN_SECRET: secret, PASSWORD: "p" });
    expect(new TextDecoder().decode(set.tokenSecret)).toBe(secret);
    expect(set.password).toBe("p");
    const [one, other] = [readSecrets({}), readSecrets({})];
    expect(one.tokenSecret).not.toEqual(other.tokenSecret);
    expect(one.password).not.toBe(other.password);
    expect(() => readSecrets({ COOKIE_SECRET: "short" })).toThrow();
  });
});

describe("the process", () => {
  it("serves both kinds, and ends when it is asked to", async () => {
    const example = await runExample("auth", { PASSWORD: password });
    try {
      const json = JSON.stringify({ name: "ada", password });
      const post = { method: "POST", redirect: "manual" } as const;
      const headers = { "content-type": "application/json" };
      const token = await fetch(`${example.url}/api/token`, { ...post, headers, body: json });
      const { access_token } = (await token.json()) as Token;
      const authorization = `Bearer ${access_token}`;
      const me = await fetch(`${example.url}/api/who-am-i`, { headers: { authorization } });
      expect(await me.json()).toMatchObject({ name: "ada" });

      const form = new URLSearchParams({ name: "grace", password });
      const login = await fetch(`${example.url}/login`, { ...post, body: form });
      expect(login.status).toBe(303);
      const cookie = login.headers.getSetCookie()[0]?.split(";")[0] as string;
      const account = await fetch(`${example.url}/account`, { headers: { cookie } });
      expect(await account.text()).toContain("Welcome back, grace.");
    } finally {
      expect(await example.stop()).toEqual({ code: 0, signal: null });
    }
  });
});
