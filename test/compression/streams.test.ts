import { once } from "node:events";
import * as zlib from "node:zlib";
import { jsonLines, respond, withTrailers } from "argania";
import { afterEach, describe, expect, it } from "vitest";
import { activeEncoders } from "../../src/data/compression/compressed.ts";
import { withServer } from "../support/raw-http.ts";
import { ask, decode, hasZstd, serving, TEXT } from "./serving.ts";
import { decoderOf, open, respondWith, sourceOf } from "./stream-tools.ts";

const CODINGS = ["gzip", "br", ...(hasZstd ? ["zstd"] : [])];

afterEach(async () => {
  // Whatever happened to the response.
  await expect.poll(activeEncoders).toBe(0);
});

describe("a stream", () => {
  it.each(CODINGS)("in %s gives out what its source has given before it waits for more", async (coding) => {
    let release = (_line: string | undefined) => {};
    let hasBegun = false;
    const { body } = sourceOf(() => {
      // The head waits for the first chunk.
      if (!hasBegun) {
        hasBegun = true;
        return Promise.resolve("one\n");
      }
      return new Promise((resolve) => {
        release = resolve;
      });
    });
    await withServer(
      serving(() => respondWith(body as never)),
      async (port) => {
        const response = await open(port, coding);
        const decoder = response.pipe(decoderOf(coding));
        let received = "";
        decoder.on("data", (chunk) => {
          received += chunk;
        });
        for (const line of ["one\n", "two\n", "three\n"]) {
          if (line !== "one\n") {
            release(line);
          }
          await expect.poll(() => received.endsWith(line)).toBe(true);
        }
        release(undefined);
        await once(decoder, "end");
        expect([response.headers["content-encoding"], received]).toEqual([coding, "one\ntwo\nthree\n"]);
        expect(response.headers["content-length"]).toBeUndefined();
      },
    );
  });

  it("of many small chunks is compressed about as well as a whole", async () => {
    const rows = Array.from({ length: 20_000 }, (_, id) => ({ id, name: `user ${(id * 7_919) % 9_973}` }));
    async function* items() {
      yield* rows;
    }
    const { length, text } = await ask(
      serving(() => jsonLines(items())),
      "gzip",
    );
    expect(text.split("\n")).toHaveLength(20_001);
    expect(length).toBeLessThan(zlib.gzipSync(text).length * 1.1);
  });

  it("may be of texts, bytes, and empty chunks", async () => {
    async function* chunks() {
      yield "é";
      yield new Uint8Array(0);
      yield "";
      yield new Uint8Array([0xc3, 0xa9]);
    }
    expect(
      (
        await ask(
          serving(() => respondWith(chunks())),
          "br",
        )
      ).text,
    ).toBe("éé");
  });

  it("without anything in it is whole", async () => {
    async function* nothing() {}
    const answer = await ask(
      serving(() => respondWith(nothing())),
      "gzip",
    );
    expect([answer.status, answer.coding, answer.length > 0, answer.text]).toEqual([200, "gzip", true, ""]);
  });

  it("of the web is released, too", async () => {
    let isCancelled = false;
    const stream = () =>
      new ReadableStream<Uint8Array>({
        pull: (controller) => controller.enqueue(new TextEncoder().encode(TEXT)),
        cancel: () => {
          isCancelled = true;
        },
      });
    const made = () => new Response(stream(), { headers: { "content-type": "text/plain" } });
    const response = await serving(made).request("/", { headers: { "accept-encoding": "gzip" } });
    expect(response.headers.get("content-encoding")).toBe("gzip");
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    await reader.read();
    await reader.cancel();
    expect(isCancelled).toBe(true);
  });

  it("is not opened for HEAD, but released", async () => {
    const { body, state } = sourceOf(async () => "x");
    const head = await ask(
      serving(() => respondWith(body as never)),
      "gzip",
      { method: "HEAD" },
    );
    expect([head.coding, head.length, state]).toEqual(["gzip", 0, { pulls: 0, isReleased: true }]);
  });

  it("that says that it is short goes as it is", async () => {
    async function* short() {
      yield "short";
    }
    const handler = () => respond({ "content-type": "text/plain", "content-length": "5" }, short());
    const answer = await ask(serving(handler), "gzip");
    expect([answer.coding, answer.text]).toEqual([null, "short"]);
  });

  it("keeps its trailers", async () => {
    const handler = () => withTrailers(jsonLines([1, 2]), { "server-timing": () => "total;dur=1" });
    await withServer(serving(handler), async (port) => {
      const response = await open(port, "gzip");
      const bytes = Buffer.concat(await response.toArray());
      expect(decode("gzip", bytes)).toBe("1\n2\n");
      expect([response.headers.trailer, response.trailers]).toEqual([
        "server-timing",
        { "server-timing": "total;dur=1" },
      ]);
    });
  });
});
