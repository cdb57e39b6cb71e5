import { _get, _wildcardMethod } from "argania";
import { fetchHandler } from "argania/fetch";
import { Hono } from "hono";
import { hc } from "hono/client";
import { setCookie } from "hono/cookie";
import { streamSSE, streamText } from "hono/streaming";
import { validator } from "hono/validator";
import { expect, test } from "vitest";
import { latch, serve } from "../serve.ts";

function honoApp() {
  const left = latch();
  const app = new Hono<{ Bindings: { who: string } }>()
    .get("/hello/:name", (c) => c.json({ hello: c.req.param("name"), who: c.env?.who ?? "nobody" }))
    .post(
      "/notes",
      validator("json", (value: { text: string }) => value),
      (c) => {
        setCookie(c, "a", "1");
        setCookie(c, "b", "2");
        return c.json({ saved: c.req.valid("json").text, path: c.req.path }, 201);
      },
    )
    .get("/count", (c) =>
      streamText(c, async (stream) => {
        for (const word of ["one ", "two ", "three"]) {
          await stream.write(word);
        }
      }),
    )
    .get("/endless", (c) =>
      streamSSE(c, async (stream) => {
        stream.onAbort(() => left.reach());
        for (let id = 0; !stream.aborted; id++) {
          await stream.writeSSE({ id: String(id), data: "tick" });
          await stream.sleep(1);
        }
      }),
    )
    .get("/away", (c) => c.redirect("/elsewhere"))
    .get("/boom", () => {
      throw new Error("inside Hono");
    })
    .put("/upload", async (c) => c.text(String((await c.req.arrayBuffer()).byteLength)));
  return { app, left };
}

test.each(["keep", "strip"] as const)("a Hono app with its RPC client, prefix: %s", async (prefix) => {
  const { app } = honoApp();
  const mounted = prefix === "keep" ? new Hono().route("/api/v1", app) : app;
  const { url } = await serve((root) => {
    root
      .subresource("/api/v1 ?*")
      .setHandlerFor(_wildcardMethod.to(fetchHandler(mounted, { prefix, env: { who: "Ada" } })));
    root.subresource("/own").setHandlerFor(_get.to(() => "own"));
  });
  const client = hc<typeof app>(`${url}/api/v1`);
  expect(await (await client.hello[":name"].$get({ param: { name: "ö x" } })).json()).toEqual({
    hello: "ö x",
    who: "Ada",
  });
  const saved = await client.notes.$post({ json: { text: "hi" } });
  expect([saved.status, await saved.json()]).toEqual([
    201,
    { saved: "hi", path: prefix === "keep" ? "/api/v1/notes" : "/notes" },
  ]);
  expect(saved.headers.getSetCookie()).toEqual(["a=1; Path=/", "b=2; Path=/"]);
  expect(await (await client.count.$get()).text()).toBe("one two three");
  const upload = await fetch(`${url}/api/v1/upload`, { method: "PUT", body: new Uint8Array(3_000_000) });
  expect(await upload.text()).toBe("3000000");
  expect((await fetch(`${url}/api/v1/hello/x`, { method: "HEAD" })).status).toBe(200);
  expect(await (await fetch(`${url}/api/v1/nowhere`)).text()).toBe("404 Not Found");
  // A redirect is what the app has written: it does not know of its prefix.
  const { headers } = await fetch(`${url}/api/v1/away`, { redirect: "manual" });
  expect(headers.get("location")).toBe("/elsewhere");
  expect(await (await fetch(`${url}/own`)).text()).toBe("own");
});

test("a stream of Hono's ends when its client leaves", async () => {
  const { app, left } = honoApp();
  const { url, errors } = await serve((root) => {
    root.subresource("/h *").setHandlerFor(_wildcardMethod.to(fetchHandler(app, { prefix: "strip" })));
  });
  const abort = new AbortController();
  const answer = await fetch(`${url}/h/endless`, { signal: abort.signal });
  const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
  expect(new TextDecoder().decode((await reader.read()).value)).toContain("data: tick");
  abort.abort();
  await left.reached;
  expect(errors).toEqual([]);
});

test("without a handler of its own for errors, Hono's fall through as responses", async () => {
  const { app } = honoApp();
  app.onError((error) => {
    throw error;
  });
  const { url, errors } = await serve((root) => {
    root.subresource("/h *").setHandlerFor(_wildcardMethod.to(fetchHandler(app, { prefix: "strip" })));
  });
  expect((await fetch(`${url}/h/boom`)).status).toBe(500);
  expect(errors.map(({ err }) => (err as Error).message)).toEqual(["inside Hono"]);
});
