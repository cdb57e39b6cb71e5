import { _get, Resource } from "argania";
import { afterEach, expect, it, vi } from "vitest";

afterEach(() => {
  vi.unstubAllGlobals();
});

/** A stream without an end, whose first chunk has been read; `released` tells whether its source was let go of. */
async function streamed(signal: AbortSignal) {
  const told = { released: false, held: 0 };
  async function* chunks() {
    try {
      for (;;) {
        yield "x";
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    } finally {
      told.released = true;
    }
  }
  const service = new Resource("/").setHandlerFor(_get.to(() => chunks())).intoService();
  const waitUntil = () => {
    told.held++;
  };
  const response = await service.fetch(new Request("http://a/", { signal }), {}, { waitUntil });
  await response.body?.getReader().read();
  return told;
}

it("on Workers, which cancel no streams, the source is released when the request's signal says so", async () => {
  vi.stubGlobal("WebSocketPair", class {});
  const controller = new AbortController();
  const told = await streamed(controller.signal);
  expect(told).toEqual({ released: false, held: 0 });
  controller.abort();
  await expect.poll(() => told).toEqual({ released: true, held: 1 });
});

it("elsewhere it is the stream that says so", async () => {
  const controller = new AbortController();
  const told = await streamed(controller.signal);
  controller.abort();
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(told).toEqual({ released: false, held: 0 });
});
