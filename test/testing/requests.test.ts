import { _get, _head, _options, _wildcardMethod, json, Resource, StatusCode } from "argania";
import { TestClientError, testClient } from "argania/testing";
import { expect, test } from "vitest";
import { z } from "zod";
import { echoing, site } from "./app.ts";

test("every method has a function, and any other goes through request", async () => {
  const { client } = site((root) => {
    root
      .subresource("/m")
      .setHandlerFor(_wildcardMethod.to(({ method }) => new Response(null, { headers: { method } })));
  });
  const at = client();
  const asked = [
    at.get("/m"),
    at.head("/m"),
    at.post("/m"),
    at.put("/m"),
    at.patch("/m"),
    at.delete("/m"),
    at.options("/m"),
    at.request("LOCK", "/m"),
    at.request("TRACE", "/m"),
  ];
  const methods = await Promise.all(asked.map(async (response) => (await response).headers.get("method")));
  expect(methods).toEqual(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "LOCK", "TRACE"]);
});

test("json, form, multipart and body are encoded, with their type and length", async () => {
  const at = site(echoing).client();
  const sent = async (init: Parameters<typeof at.post>[1]) => {
    const { headers, body } = await at
      .post("/echo", init)
      .json<{ headers: Record<string, string>; body: string }>();
    return [headers["content-type"], headers["content-length"], body];
  };
  expect(await sent({ json: { name: "Ada ö" } })).toEqual(["application/json", "17", '{"name":"Ada ö"}']);
  expect(await sent({ json: null })).toEqual(["application/json", "4", "null"]);
  expect(await sent({ form: { a: 1, b: ["x y", true] } })).toEqual([
    "application/x-www-form-urlencoded;charset=UTF-8",
    "16",
    "a=1&b=x+y&b=true",
  ]);
  expect(await sent({ form: new URLSearchParams("q=1") })).toEqual([expect.anything(), "3", "q=1"]);
  expect(await sent({ body: "text" })).toEqual(["text/plain;charset=UTF-8", "4", "text"]);
  expect(await sent({ body: new Uint8Array([65, 66]) })).toEqual([undefined, "2", "AB"]);
  expect(await sent({ body: new Uint8Array([67]).buffer })).toEqual([undefined, "1", "C"]);
  expect(await sent({ body: new Blob(["b"], { type: "x/y" }) })).toEqual(["x/y", undefined, "b"]);
  expect(await sent({})).toEqual([undefined, undefined, ""]);
  const typed = { body: "{}", headers: { "content-type": "application/problem+json" } };
  expect(await sent(typed)).toEqual(["application/problem+json", "2", "{}"]);
  const [type, , form] = await sent({ multipart: { name: "Ada", files: [new File(["1"], "a.txt"), 7] } });
  expect(type).toMatch(/^multipart\/form-data; boundary=/);
  expect(form).toContain('filename="a.txt"');
  const data = new FormData();
  data.set("x", "1");
  expect((await sent({ multipart: data }))[2]).toContain('name="x"');
});

test("streams and async iterables are sent as they come, and let go of", async () => {
  const at = site((root) => {
    echoing(root);
    root
      .subresource("/refuse")
      .setHandlerFor(_wildcardMethod.to(({ body }) => body?.cancel().then(() => 413)));
  }).client();
  let isReleased = false;
  async function* chunks() {
    try {
      yield new TextEncoder().encode("one ");
      yield new TextEncoder().encode("two");
    } finally {
      isReleased = true;
    }
  }
  expect(await at.post("/echo", { body: chunks() }).json()).toMatchObject({ body: "one two" });
  expect(isReleased).toBe(true);
  const stream = new ReadableStream({ pull: (controller) => controller.close() });
  expect(await at.post("/echo", { body: stream }).json()).toMatchObject({ body: "" });
  let isReturned = false;
  const endless: AsyncIterable<Uint8Array> = {
    [Symbol.asyncIterator]: () => ({
      next: async () => ({ done: false, value: new Uint8Array(10) }),
      return: async () => {
        isReturned = true;
        return { done: true, value: undefined };
      },
    }),
  };
  await at.post("/refuse", { body: endless }).expectStatus(413);
  expect(isReturned).toBe(true);
});

test("the query is appended, and a path stays as it is written", async () => {
  const at = site(echoing).client();
  const url = async (path: string, query: NonNullable<Parameters<typeof at.get>[1]>["query"]) =>
    (await at.get(path, { query }).json<{ url: string }>()).url;
  expect(await url("/echo", { q: "a b", tag: ["x", "y"], none: undefined })).toBe(
    "http://localhost/echo?q=a+b&tag=x&tag=y",
  );
  expect(await url("/echo?a=1", { b: 2 })).toBe("http://localhost/echo?a=1&b=2");
  expect(await url("/echo?a=1", {})).toBe("http://localhost/echo?a=1");
  expect(await url("/echo", new URLSearchParams("z=1"))).toBe("http://localhost/echo?z=1");
  await at.get("/echo/../echo").expectStatus(400);
  await at.get("//echo").expectStatus(404);
  await expect(at.get("echo")).rejects.toThrow(/write "\/echo" instead of "echo"/);
});

test("the origin, default headers and the address are those of the client, or of the request", async () => {
  const { client } = site(echoing);
  const options = {
    origin: "https://shop.example:8443",
    headers: { "x-a": "1", "x-b": "1" },
    remoteAddress: "192.0.2.1",
  };
  const at = client(options);
  expect(await at.get("/echo", { headers: { "X-B": "2" } }).json()).toMatchObject({
    url: "https://shop.example:8443/echo",
    peer: "192.0.2.1",
    headers: { "x-a": "1", "x-b": "2" },
  });
  expect(
    await at.get("/echo", { remoteAddress: "::1", headers: { host: "other.example" } }).json(),
  ).toMatchObject({
    url: "https://other.example/echo",
    peer: "::1",
  });
  expect(await at.get("http://third.example/echo").json()).toMatchObject({
    url: "http://third.example/echo",
  });
  expect(await at.get(new URL("http://x.example/echo?y")).json()).toMatchObject({
    url: "http://x.example/echo?y",
  });
  expect(await client().get("/echo").json()).toMatchObject({
    url: "http://localhost/echo",
    peer: "127.0.0.1",
  });
});

test("json() is believed or checked, and says what came instead", async () => {
  const at = site((root) => {
    root.subresource("/ada").setHandlerFor(_get.to(() => json({ name: "Ada", age: 36 })));
    root
      .subresource("/html")
      .setHandlerFor(
        _get.to(() => new Response(`<p>${"x".repeat(600)}`, { headers: { "content-type": "text/html" } })),
      );
  }).client();
  const User = z.object({ name: z.string(), age: z.coerce.string() });
  const user = await at.get("/ada").json(User);
  expect(user).toEqual({ name: "Ada", age: "36" });
  const wrong = at.get("/ada").json(z.object({ name: z.number() }));
  await expect(wrong).rejects.toThrow(
    /^GET \/ada was answered with 200 .*"Ada".*\n.*does not fit the schema:\n- name: /,
  );
  const error = await at
    .get("/html")
    .json()
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(TestClientError);
  expect(error).toMatchObject({ code: "ARGANIA_TEST_CLIENT", response: { status: 200 } });
  expect((error as Error).message).toMatch(
    /^GET \/html was answered with 200 \(text\/html\): <p>x+…\nThat is no JSON\.$/,
  );
  await expect(at.get("/ada").json(undefined as never)).rejects.toThrow(TypeError);
});

test("text, bytes, formData and expectStatus", async () => {
  const at = site((root) => {
    root
      .subresource("/text")
      .setHandlerFor([_get.to(() => "ö"), _head.to(() => null), _options.to(() => StatusCode.NO_CONTENT)]);
    root.subresource("/form").setHandlerFor(_get.to(() => new URLSearchParams("a=1")));
  }).client();
  expect(await at.get("/text").text()).toBe("ö");
  expect(await at.get("/text").bytes()).toEqual(new Uint8Array([0xc3, 0xb6]));
  expect([...(await at.get("/form").formData())]).toEqual([["a", "1"]]);
  expect(await at.get("/text").expectStatus(201, 200).text()).toBe("ö");
  expect((await at.options("/text").expectStatus(204)).body).toBeNull();
  await expect(at.get("/none").expectStatus(200, 304)).rejects.toThrow(
    /^GET \/none was answered with 404 \(application\/problem\+json\): .*\nExpected: 200 or 304\.$/,
  );
});

test("what cannot be meant is refused", async () => {
  const service = new Resource("/").intoService();
  expect(() => testClient({} as never)).toThrow("testClient takes a service");
  expect(() => testClient(service, { base: "x" } as never)).toThrow('testClient has no option "base"');
  expect(() => testClient(service, { redirect: "error" } as never)).toThrow('"manual" or "follow"');
  expect(() => testClient(service, { cookies: {} } as never)).toThrow(
    "cookies of testClient is true or false",
  );
  const at = testClient(service);
  await expect(at.post("/", { json: 1, form: {} })).rejects.toThrow("give json or form, not both");
  await expect(at.post("/", { json: () => {} })).rejects.toThrow("json has no JSON form");
  await expect(at.post("/", { data: 1 } as never)).rejects.toThrow('has no option "data"');
  await expect(at.post("/", { redirect: "error" } as never)).rejects.toThrow('"manual" or "follow"');
  expect(() => testClient(service, { origin: "example.com" })).toThrow("An origin is a scheme and a host");
  await expect(service.request("/", { origin: "http://x/path" })).rejects.toThrow(
    "An origin is a scheme and a host",
  );
  await expect(service.request("/", { origin: "ftp://x" })).rejects.toThrow(
    "An origin is a scheme and a host",
  );
});
