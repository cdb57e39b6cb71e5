import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

const TEXT = "All happy families are alike. ".repeat(2_000);

// What the runtime can do is looked up once: the modules are loaded anew.
beforeEach(() => {
  vi.resetModules();
  vi.spyOn(process, "getBuiltinModule").mockImplementation(() => undefined as never);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.resetModules();
});

async function serving(body: () => unknown, options = {}) {
  const { _get, _requestReceiver, Resource } = await import("argania");
  const { CompressionLayer } = await import("argania/middleware");
  const root = new Resource("/").setHandlerFor(_get.to(body as () => string));
  return root.addLayerTo(_requestReceiver(new CompressionLayer(options))).intoService();
}

const get = (accept: string) => new Request("http://x/", { headers: { "accept-encoding": accept } });

it.each([
  ["a text", () => TEXT],
  [
    "bytes",
    () => new Response(new TextEncoder().encode(TEXT), { headers: { "content-type": "text/plain" } }),
  ],
  ["a stream", () => new Response(new Blob([TEXT]).stream(), { headers: { "content-type": "text/plain" } })],
])("%s is compressed by the platform, in gzip", async (_, body) => {
  const response = await (await serving(body)).fetch(get("zstd, br, gzip;q=0.5"));
  expect(response.headers.get("content-encoding")).toBe("gzip");
  expect(gunzipSync(await response.arrayBuffer()).toString() === TEXT).toBe(true);
});

it("other codings are left out, and refused where nothing is left", async () => {
  const response = await (await serving(() => TEXT)).fetch(get("br"));
  expect(response.headers.get("content-encoding")).toBeNull();
  await expect(serving(() => TEXT, { codings: "br" })).rejects.toThrow(
    "none that this runtime can compress in",
  );
});

it("a stream is released when its reader leaves, and fails when it fails", async () => {
  let isCancelled = false;
  const noise = crypto.getRandomValues(new Uint8Array(65_536));
  const endless = () =>
    new ReadableStream({
      pull: (controller) => controller.enqueue(noise),
      cancel: () => {
        isCancelled = true;
      },
    });
  const headers = { "content-type": "text/plain" };
  const response = await (await serving(() => new Response(endless(), { headers }))).fetch(get("gzip"));
  const reader = (response.body as ReadableStream).getReader();
  await reader.read();
  await reader.cancel();
  await expect.poll(() => isCancelled).toBe(true);

  let pulls = 0;
  const failing = () =>
    new ReadableStream({
      pull: (controller) =>
        pulls++ < 10 ? controller.enqueue(noise) : controller.error(new Error("no more")),
    });
  const failed = await (await serving(() => new Response(failing(), { headers }))).fetch(get("gzip"));
  await expect(failed.arrayBuffer()).rejects.toThrow("no more");
});
