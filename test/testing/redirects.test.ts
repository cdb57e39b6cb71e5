import { _get, _post, _wildcardMethod, type Resource, redirect } from "argania";
import { expect, test } from "vitest";
import { site } from "./app.ts";

function redirecting(root: Resource<"/">): void {
  root.subresource("/to/{status}").setHandlerFor(
    _wildcardMethod.to(
      ({ params, query }) =>
        new Response(params.status === "304" ? null : "moved", {
          status: Number(params.status),
          headers: { location: query.get("to") ?? "/end", "set-cookie": "way=1; Path=/" },
        }),
    ),
  );
  root.subresource("/end").setHandlerFor(
    _wildcardMethod.to(async ({ method, host, request, headers }) => ({
      method,
      host,
      body: await request.text(),
      type: headers.get("content-type"),
      authorization: headers.get("authorization"),
      cookie: headers.get("cookie"),
    })),
  );
  root.subresource("/loop").setHandlerFor(_get.to(() => redirect("/loop")));
  root
    .subresource("/done")
    .setHandlerFor(_post.to(() => new Response(null, { status: 303, headers: { location: "end" } })));
}

const following = { redirect: "follow" } as const;

test("redirects are answers, unless they are to be followed", async () => {
  const at = site(redirecting).client();
  const answer = await at.get("/to/302");
  expect([answer.status, answer.headers.get("location"), answer.url]).toEqual([302, "/end", ""]);
  const end = await at.get("/to/302", following);
  expect([end.status, end.url, end.redirected]).toEqual([200, "http://localhost/end", true]);
  expect(await end.json()).toMatchObject({ method: "GET", cookie: "way=1" });
  const direct = await at.get("/end?x", following);
  expect([direct.url, direct.redirected]).toEqual(["http://localhost/end?x", false]);
  expect(
    await at
      .get("/end", { ...following, redirect: "manual" })
      .expectStatus(200)
      .json(),
  ).toMatchObject({});
});

test("the method and the body stay or go, as the status says", async () => {
  const at = site(redirecting).client(following);
  const ended = (status: number, method: string) =>
    at
      .request(method, `/to/${status}`, { json: { a: 1 } })
      .json<{ method: string; body: string; type: string | null }>();
  for (const status of [301, 302, 303]) {
    expect(await ended(status, "POST")).toMatchObject({ method: "GET", body: "", type: null });
  }
  for (const status of [307, 308]) {
    expect(await ended(status, "POST")).toMatchObject({
      method: "POST",
      body: '{"a":1}',
      type: "application/json",
    });
  }
  expect(await ended(302, "PUT")).toMatchObject({ method: "PUT", body: '{"a":1}' });
  expect(await ended(303, "PUT")).toMatchObject({ method: "GET", body: "" });
  expect((await at.head("/to/303")).status).toBe(200);
  expect(await at.post("/done").json()).toMatchObject({ method: "GET" });
});

test("another origin gets no authorization", async () => {
  const at = site(redirecting).client({ ...following, headers: { authorization: "Bearer x" } });
  expect(await at.get("/to/307").json()).toMatchObject({ authorization: "Bearer x" });
  const query = { to: "http://other.example/end#part" };
  expect(await at.get("/to/307", { query }).json()).toMatchObject({
    host: "other.example",
    authorization: null,
    cookie: null,
  });
});

test("what leads nowhere is said", async () => {
  const at = site(redirecting).client(following);
  await expect(at.get("/loop")).rejects.toThrow("GET /loop was redirected more than 20 times.");
  await expect(at.get("/to/302", { query: { to: "http://[" } })).rejects.toThrow("which is no URL");
  const stream = new ReadableStream({ start: (controller) => controller.close() });
  await expect(at.post("/to/307", { body: stream })).rejects.toThrow("a stream cannot be sent twice");
  expect((await at.get("/to/304")).status).toBe(304);
});
