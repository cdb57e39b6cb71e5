import { once } from "node:events";
import { connect as connectHttp2, type IncomingHttpHeaders } from "node:http2";
import { _post, jsonBody, Resource, Server } from "argania";
import { expect, onTestFinished, test } from "vitest";
import { serve } from "../server/serve.ts";
import { announced, connect, LARGE, site } from "./memory-app.ts";
import { serveAs } from "./serve-both.ts";

test("many large requests behind each other on one connection add one listener", async () => {
  const { service, held, release } = site(10_000_000);
  const { port } = await serveAs("createServer", service);
  const warnings: string[] = [];
  const onWarning = (warning: Error) => warnings.push(warning.name);
  process.on("warning", onWarning);
  const client = await connect(port);
  const body = "x".repeat(20_000);
  client.send((announced("/held", body.length) + body).repeat(15));
  await expect.poll(() => held.length).toBe(15);
  release();
  await client.until(/(?:held[\s\S]*){15}/);
  process.off("warning", onWarning);
  expect(warnings).toEqual([]);
});

test("bodies on HTTP/2 count until their stream is over, answered or not", async () => {
  const { service, held, release } = site();
  const { url } = await serve(service, new Server().withHttp2());
  const session = connectHttp2(url);
  onTestFinished(() => session.destroy());
  const post = (path: string) => {
    const stream = session.request({ ":method": "POST", ":path": path, "content-type": "text/plain" });
    stream.on("error", () => {});
    stream.end("x".repeat(2 * LARGE));
    return stream;
  };
  const statusOf = async (path: string) => {
    const stream = post(path);
    const [headers] = (await once(stream, "response")) as [IncomingHttpHeaders];
    stream.close();
    return headers[":status"];
  };
  expect(await statusOf("/")).toBe(200);
  await expect.poll(() => statusOf("/")).toBe(200);
  const abandoned = post("/held");
  await expect.poll(() => held.length).toBe(1);
  expect(await statusOf("/")).toBe(503);
  abandoned.close(8);
  await expect.poll(() => statusOf("/")).toBe(200);
  release();
});

test("under fetch bodies count while they are read", async () => {
  const root = new Resource("/").setHandlerFor(_post.to([jsonBody], () => "read"));
  const service = root.intoService({ bodyMemoryLimit: 20_000, logger: { error: () => {} } });
  const headers = { "content-type": "application/json" };
  let finish = () => {};
  const slow = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(new Uint8Array(30_000).fill(0x20));
      finish = () => {
        controller.enqueue(new Uint8Array([0x31]));
        controller.close();
      };
    },
  });
  const post = async (body: Uint8Array | ReadableStream<Uint8Array>, more = {}) =>
    (await service.request("/", { method: "POST", headers: { ...headers, ...more }, body })).status;
  const first = post(slow);
  const large = new Uint8Array(30_000).fill(0x31);
  await expect.poll(() => post(large)).toBe(503);
  expect(await post(large, { "content-length": "30000" })).toBe(503);
  expect(await post(new Uint8Array([0x31]))).toBe(200);
  finish();
  expect(await first).toBe(200);
  expect(await post(large)).toBe(200);
});
