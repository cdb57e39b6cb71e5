import { _get, _wildcardMethod, json } from "argania";
import { fetchHandler } from "argania/fetch";
import { testClient } from "argania/testing";
import { betterAuth } from "better-auth";
import { memoryAdapter } from "better-auth/adapters/memory";
import { createAuthClient } from "better-auth/client";
import { expect, test } from "vitest";
import { serve } from "../serve.ts";

function authApp(baseURL: string) {
  const database = { user: [], session: [], account: [], verification: [] };
  return betterAuth({
    baseURL,
    basePath: "/api/auth",
    secret: "a secret of tests that is long enough, 0123456789",
    database: memoryAdapter(database),
    emailAndPassword: { enabled: true },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: { disabled: true },
  });
}

const ada = { name: "Ada", email: "ada@example.com", password: "correct horse" };

test("better-auth with its real client: sign up, session, sign out", async () => {
  let auth = authApp("http://localhost");
  const { url, service } = await serve((root) => {
    root
      .subresource("/api/auth *")
      .setHandlerFor(_wildcardMethod.to(fetchHandler((request) => auth.handler(request))));
    root
      .subresource("/me")
      .setHandlerFor(
        _get.to(async ({ headers }) =>
          json((await auth.api.getSession({ headers: new Headers(headers) }))?.user.email ?? null),
        ),
      );
  });
  auth = authApp(url);
  let cookie = "";
  const client = createAuthClient({
    baseURL: `${url}/api/auth`,
    fetchOptions: {
      customFetchImpl: async (input, init) => {
        const headers = new Headers(init?.headers);
        headers.set("origin", url);
        if (cookie !== "") {
          headers.set("cookie", cookie);
        }
        const answer = await fetch(input, { ...init, headers });
        const set = answer.headers.getSetCookie().map((line) => line.split(";", 1)[0]);
        cookie = set.length > 0 ? set.join("; ") : cookie;
        return answer;
      },
    },
  });
  const signedUp = await client.signUp.email(ada);
  expect(signedUp.error).toBeNull();
  expect(cookie).toMatch(/^better-auth\.session_token=/);
  expect((await client.getSession()).data?.user).toMatchObject({ name: "Ada", email: "ada@example.com" });
  expect(await (await fetch(`${url}/me`, { headers: { cookie } })).json()).toBe("ada@example.com");
  expect((await client.signIn.email({ ...ada, password: "wrong password" })).error?.status).toBe(401);
  expect((await client.signOut()).data).toEqual({ success: true });
  expect((await client.getSession()).data).toBeNull();
  expect(await (await fetch(`${url}/api/auth/nowhere`)).status).toBe(404);
  void service;
});

test("better-auth in process: the test client keeps its session", async () => {
  const auth = authApp("http://localhost");
  const { service } = await serve((root) => {
    root.subresource("/api/auth *").setHandlerFor(_wildcardMethod.to(fetchHandler(auth.handler)));
  });
  const client = testClient(service, { headers: { origin: "http://localhost" } });
  await client.post("/api/auth/sign-up/email", { json: ada }).expectStatus(200);
  expect(client.cookies.get("better-auth.session_token")).toMatchObject({
    httpOnly: true,
    path: "/",
    sameSite: "lax",
  });
  expect(await client.get("/api/auth/get-session").json()).toMatchObject({
    user: { email: "ada@example.com" },
  });
  await client.post("/api/auth/sign-out", { json: {} }).expectStatus(200);
  expect(await client.get("/api/auth/get-session").json()).toBeNull();
  await client.close();
});
