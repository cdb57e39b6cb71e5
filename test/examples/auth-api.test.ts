import { CookieKey } from "argania/cookies";
import { type TestClient, testClient } from "argania/testing";
import { SignJWT } from "jose";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { buildApp } from "../../examples/auth/build-app.ts";
import type { Token } from "../../examples/auth/tokens.ts";

const password = "for tests only";
const tokenSecret = new TextEncoder().encode("for tests only: thirty-two bytes or more");

let app: ReturnType<typeof buildApp>;
let client: TestClient;

beforeEach(async () => {
  app = buildApp({ cookieKey: CookieKey.generate(), tokenSecret, password });
  client = testClient(await app.service());
});

afterEach(async () => {
  await client.close();
  await app.close();
});

describe("the API", () => {
  const tokenOf = (name: string, scope?: string) =>
    client.post("/api/token", { json: { name, password, ...(scope === undefined ? {} : { scope }) } });
  const bearer = async (name: string, scope?: string) => {
    const { access_token } = await tokenOf(name, scope).json<Token>();
    return { authorization: `Bearer ${access_token}` };
  };

  it("gives a token for a name and a password", async () => {
    const response = await tokenOf("ada").expectStatus(200);
    expect(response.headers.get("cache-control")).toBe("no-store");
    const scope = "notes:read notes:write";
    expect(await response.json()).toMatchObject({ token_type: "Bearer", expires_in: 900, scope });
    expect(client.cookies.all()).toEqual([]);
  });

  it("gives no scopes but those that the role has", async () => {
    expect(await tokenOf("grace").json()).toMatchObject({ scope: "notes:read" });
    expect(await tokenOf("grace", "notes:write").json()).toMatchObject({ scope: "" });
    expect(await tokenOf("ada", "notes:read admin").json()).toMatchObject({ scope: "notes:read" });
  });

  it("gives none for what is wrong", async () => {
    const wrong = { json: { name: "ada", password: "guessed" } };
    const response = await client.post("/api/token", wrong).expectStatus(401);
    expect(response.headers.get("www-authenticate")).toBe('Bearer realm="api"');
    await client.post("/api/token", { json: { name: "nobody", password } }).expectStatus(401);
    await client.post("/api/token", { json: { name: "ada" } }).expectStatus(400);
    await client.post("/api/token", { form: { name: "ada", password } }).expectStatus(415);
  });

  it("says who it is", async () => {
    const headers = await bearer("grace");
    const me = { id: "2", name: "grace", role: "member", scope: "notes:read" };
    expect(await client.get("/api/who-am-i", { headers }).json()).toEqual(me);
  });

  it("wants the scope for what is done", async () => {
    const json = { text: "Hello" };
    const ada = await bearer("ada");
    const grace = await bearer("grace");
    const added = await client.post("/api/notes", { json, headers: ada }).expectStatus(201);
    expect(await added.json()).toEqual({ by: "ada", text: "Hello" });
    expect(await client.get("/api/notes", { headers: grace }).json()).toHaveLength(1);
    const refused = await client.post("/api/notes", { json, headers: grace }).expectStatus(403);
    expect(refused.headers.get("www-authenticate")).toContain('scope="notes:write"');
    const none = await bearer("grace", "notes:write");
    await client.get("/api/notes", { headers: none }).expectStatus(403);
    await client.post("/api/notes", { json: { text: "" }, headers: ada }).expectStatus(400);
  });

  it.each(["/api/who-am-i", "/api/notes", "/api/notes/nowhere"])("guards %s", async (path) => {
    const none = await client.get(path).expectStatus(401);
    expect(none.headers.get("www-authenticate")).toBe('Bearer realm="api"');
    const good = (await bearer("ada")).authorization;
    for (const authorization of ["Bearer x", `${good}x`, good.replace(/\.[^.]+$/, "."), "Basic YTpi"]) {
      await client.get(path, { headers: { authorization } }).expectStatus(401);
    }
  });

  it.each([
    ["another secret", { secret: new Uint8Array(32).fill(7) }],
    ["another audience", { audience: "elsewhere" }],
    ["another issuer", { issuer: "elsewhere" }],
    ["another type", { typ: "JWT" }],
    ["a time that is over", { expires: "-1 minute" }],
  ])("takes no token with %s", async (_, changes) => {
    const parts = {
      secret: tokenSecret,
      audience: "argania-example",
      issuer: "argania-example",
      typ: "at+jwt",
      expires: "1 minute",
    };
    const ask = async (with_: Partial<typeof parts>) => {
      const { secret, audience, issuer, typ, expires } = { ...parts, ...with_ };
      const token = await new SignJWT({ scope: "notes:read" })
        .setProtectedHeader({ alg: "HS256", typ })
        .setSubject("1")
        .setAudience(audience)
        .setIssuer(issuer)
        .setExpirationTime(expires)
        .sign(secret);
      return (await client.get("/api/notes", { headers: { authorization: `Bearer ${token}` } })).status;
    };
    expect(await ask({})).toBe(200);
    expect(await ask(changes)).toBe(401);
  });

  it("takes no token of a user who is gone, and no session", async () => {
    const headers = await bearer("grace");
    await app.context.users.remove("2");
    await client.get("/api/who-am-i", { headers }).expectStatus(401);
    await client.post("/login", { form: { name: "ada", password } }).expectStatus(303);
    await client.get("/api/who-am-i").expectStatus(401);
    await client.get("/account", { headers: { ...headers, cookie: "" } }).expectStatus(401);
  });
});
