import { gzipSync } from "node:zlib";
import { expect } from "vitest";
import { onEveryRuntime } from "./on-every-runtime.ts";

const post = (body: NonNullable<RequestInit["body"]>, headers: Record<string, string> = {}): RequestInit => ({
  method: "POST",
  body,
  headers,
});
const JSON_TYPE = { "content-type": "application/json" };

onEveryRuntime("requests", ({ test, get, url }) => {
  const answer = async (path: string, init?: RequestInit) => {
    const response = await get(`/requests${path}`, init);
    return [response.status, await response.text()];
  };

  test("params, the query, headers, the peer and the URL", async () => {
    expect(await answer("/users/7")).toEqual([200, '{"id":"7"}']);
    expect((await answer("/users/x"))[0]).toBe(404);
    expect(await answer("/names/a%20%C3%A4%2Fb")).toEqual([200, "a ä/b"]);
    expect(await answer("/query?page=2&tag=a&tag=b")).toEqual([200, '{"page":2,"tag":["a","b"]}']);
    expect((await answer("/query?page=x&tag=a"))[0]).toBe(400);
    expect(await answer("/header", { headers: { "x-note": "n" } })).toEqual([200, "n"]);
    expect((await answer("/header"))[0]).toBe(400);
    expect(await answer("/url?a=%20b")).toEqual([200, '["GET","http","/requests/url","?a=%20b"]']);
  });

  test("methods: HEAD, one that is not there, paths that are not there", async () => {
    const head = await get("/requests/users/7", { method: "HEAD" });
    expect([head.status, await head.text(), head.headers.get("content-type")]).toEqual([
      200,
      "",
      "application/json",
    ]);
    const wrong = await get("/requests/json");
    expect([wrong.status, wrong.headers.get("allow")]).toEqual([405, "POST"]);
    await wrong.text();
    expect((await answer("/nowhere"))[0]).toBe(404);
    expect((await answer("/names/%ff"))[0]).toBe(400);
  });

  test("bodies as JSON", async () => {
    expect(await answer("/json", post('{"name":"Ada"}', JSON_TYPE))).toEqual([200, '{"name":"Ada"}']);
    const [status, text] = await answer("/json", post('{"name":"A"}', JSON_TYPE));
    expect([status, JSON.parse(String(text)).issues[0].path]).toEqual([400, "name"]);
    expect((await answer("/json", post("{", JSON_TYPE)))[0]).toBe(400);
    expect((await answer("/json", post('{"__proto__":{"a":1},"name":"Ada"}', JSON_TYPE)))[0]).toBe(400);
    expect((await answer("/json", post("{}", { "content-type": "text/csv" })))[0]).toBe(415);
  });

  test("bodies as forms, text and bytes, with their limits", async () => {
    expect(await answer("/form", post(new URLSearchParams("a=1&b=2&b=ä")))).toEqual([
      200,
      '{"a":"1","b":["2","ä"]}',
    ]);
    expect(await answer("/text", post("täxt"))).toEqual([200, "täxt"]);
    expect((await answer("/text", post("x".repeat(101))))[0]).toBe(413);
    const bytes = new Uint8Array(3_000_000);
    const binary = { "content-type": "application/octet-stream" };
    expect(await answer("/bytes", post(bytes, binary))).toEqual([200, "3000000"]);
    expect(await answer("/ignored", post("x".repeat(50_000)))).toEqual([200, "not read"]);
    expect(await answer("/users/8")).toEqual([200, '{"id":"8"}']);
  });

  test("a body that comes in chunks meets its limit while it comes", async () => {
    const chunks = (count: number) =>
      new ReadableStream<Uint8Array>({
        pull(controller) {
          if (count-- > 0) controller.enqueue(new Uint8Array(50).fill(97));
          else controller.close();
        },
      });
    const streamed = (count: number) =>
      ({ ...post(chunks(count), { "content-type": "text/plain" }), duplex: "half" }) as RequestInit;
    expect(await answer("/text", streamed(2))).toEqual([200, "a".repeat(100)]);
    expect((await answer("/text", streamed(3)))[0]).toBe(413);
  });

  test("multipart forms, part by part and as fields", async () => {
    const form = new FormData();
    form.append("title", "x");
    form.append("file", new Blob([new Uint8Array(2_000_000)], { type: "image/png" }), "a.png");
    expect(await answer("/multipart", post(form))).toEqual([200, '[["title",1],["file",2000000]]']);
    const fields = (value: string) => {
      const made = new FormData();
      made.append("a", value);
      return made;
    };
    expect(await answer("/fields", post(fields("1")))).toEqual([200, '["a"]']);
    expect((await answer("/fields", post(fields("x".repeat(2_000)))))[0]).toBe(413);
    const broken = { "content-type": "multipart/form-data; boundary=x" };
    expect((await answer("/multipart", post("--x\r\n", broken)))[0]).toBe(400);
  });

  test("compressed bodies", async () => {
    const headers = { "content-type": "text/plain", "content-encoding": "gzip" };
    expect(
      await answer("/decompressed", post(new Uint8Array(gzipSync("text ".repeat(50))), headers)),
    ).toEqual([200, "text ".repeat(50)]);
    expect(
      (await answer("/decompressed", post(new Uint8Array(gzipSync("x".repeat(2_000_000))), headers)))[0],
    ).toBe(413);
    expect((await answer("/decompressed", post("no gzip", headers)))[0]).toBe(400);
  });

  test("a client that goes away while its body comes leaves a server that answers", async () => {
    const controller = new AbortController();
    const body = new ReadableStream({
      start: (stream) => stream.enqueue(new Uint8Array(10)),
    });
    const asked = fetch(`${url()}/requests/bytes`, {
      ...post(body, { "content-type": "application/octet-stream" }),
      duplex: "half",
      signal: controller.signal,
    } as RequestInit);
    setTimeout(() => controller.abort(), 30);
    await expect(asked).rejects.toThrow();
    expect(await answer("/users/9")).toEqual([200, '{"id":"9"}']);
  });
});
