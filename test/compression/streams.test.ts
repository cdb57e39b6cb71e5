import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import * as zlib from "node:zlib";
import { type ErrorReport, jsonLines, respond, withTrailers } from "argania";
import { afterEach, describe, expect, it } from "vitest";
import { activeEncoders } from "../../src/data/compression/compressed.ts";
import { withServer } from "../support/raw-http.ts";
import { ask, decode, hasZstd, serving, TEXT } from "./serving.ts";

const CODINGS = ["gzip", "br", ...(hasZstd ? ["zstd"] : [])];

afterEach(async () => {
  // Whatever happened to the response.
  await expect.poll(activeEncoders).toBe(0);
});

function open(port: number, coding: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get({ port, headers: { "accept-encoding": coding }, agent: false }, resolve).on("error", reject);
  });
}

function decoderOf(coding: string): zlib.Gunzip {
  const { createZstdDecompress } = zlib as unknown as { createZstdDecompress: () => zlib.Gunzip };
  return coding === "gzip"
    ? zlib.createGunzip()
    : coding === "br"
      ? zlib.createBrotliDecompress()
      : createZstdDecompress();
}

const respondWith = (body: AsyncIterable<unknown>) => respond({ "content-type": "text/plain" }, body);

/** Gives what `next` promises, and says when it is let go of. */
function sourceOf(next: () => Promise<unknown>) {
  const state = { pulls: 0, isReleased: false };
  const body = {
    [Symbol.asyncIterator]: () => ({
      async next() {
        state.pulls++;
        const value = await next();
        return value === undefined ? { done: true, value } : { done: false, value };
      },
      async return() {
        state.isReleased = true;
        return { done: true, value: undefined };
      },
    }),
  };
  return { state, body };
}

describe("a stream", () => {
  it.each(CODINGS)("in %s gives out what its source has given before it waits for more", async (coding) => {
    let release = (_line: string | undefined) => {};
    const { body } = sourceOf(
      () =>
        new Promise((resolve) => {
          release = resolve;
        }),
    );
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
          release(line);
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

describe("a client that leaves", () => {
  it("has the source released, and the encoder, while the source has nothing", async () => {
    let count = 0;
    const { body, state } = sourceOf(async () => (count++ === 0 ? "first" : new Promise(() => {})));
    await withServer(
      serving(() => respondWith(body as never)),
      async (port) => {
        const response = await open(port, "br");
        await once(response, "data");
        expect(activeEncoders()).toBe(1);
        response.destroy();
        await expect.poll(() => state.isReleased).toBe(true);
      },
    );
  });

  it("and one that reads nothing, stop the source", async () => {
    const noise = crypto.getRandomValues(new Uint8Array(65_536));
    const { body, state } = sourceOf(async () => noise);
    await withServer(
      serving(() => respondWith(body as never)),
      async (port) => {
        const response = await open(port, "gzip");
        response.pause();
        let before = -1;
        await expect
          .poll(
            () => {
              const isSettled = before === state.pulls;
              before = state.pulls;
              return isSettled;
            },
            { interval: 250, timeout: 10_000 },
          )
          .toBe(true);
        // The buffers of both sockets, some megabytes; but not what such a source could give in that time.
        expect(state.pulls).toBeLessThan(400);
        expect(activeEncoders()).toBe(1);
        response.destroy();
        await expect.poll(() => state.isReleased).toBe(true);
      },
    );
  });
});

describe("a source that fails", () => {
  it.each([
    ["an error", () => Promise.reject(new Error("no more"))],
    ["what is no chunk", async () => 42],
  ])("half-way with %s breaks the connection off", async (_, fail) => {
    let goOn = () => {};
    const seen = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    let count = 0;
    const { body, state } = sourceOf(() => (count++ === 0 ? Promise.resolve("first") : seen.then(fail)));
    const reports: ErrorReport[] = [];
    await withServer(
      serving(() => respondWith(body as never), {}, reports),
      async (port) => {
        const response = await open(port, "gzip");
        response.once("data", goOn);
        await expect(response.toArray()).rejects.toThrow("aborted");
        await expect.poll(() => reports).toHaveLength(1);
        await expect.poll(() => state.isReleased).toBe(true);
      },
    );
  });

  it("fails the body that is read in process", async () => {
    let count = 0;
    const { body, state } = sourceOf(async () =>
      count++ === 0 ? "first" : Promise.reject(new Error("no more")),
    );
    const answer = await ask(
      serving(() => respondWith(body as never)),
      "gzip",
    ).catch((error: unknown) => error);
    // In process there is no answer before the body is read.
    expect(answer).toEqual(new Error("no more"));
    expect(state.isReleased).toBe(true);
  });

  it("at once is answered as an error, which is not compressed", async () => {
    const { body } = sourceOf(() => Promise.reject(new Error("nothing")));
    const reports: ErrorReport[] = [];
    await withServer(
      serving(() => respondWith(body as never), {}, reports),
      async (port) => {
        const response = await open(port, "gzip");
        const problem = JSON.parse(Buffer.concat(await response.toArray()).toString()) as { status: number };
        expect([response.statusCode, response.headers["content-encoding"], problem.status]).toEqual([
          500,
          undefined,
          500,
        ]);
        expect(reports).toHaveLength(1);
      },
    );
  });
});

it("streams beyond maxStreams go as they are, and say that they could be compressed", async () => {
  const { body } = sourceOf(async () => TEXT);
  const service = serving(() => respondWith(body as never), { maxStreams: 2 });
  const readers: ReadableStreamDefaultReader<Uint8Array>[] = [];
  const next = async () => {
    const response = await service.request("/", { headers: { "accept-encoding": "gzip, identity;q=0" } });
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    readers.push(reader);
    await reader.read();
    return [response.headers.get("content-encoding"), response.headers.get("vary")];
  };
  expect([await next(), await next(), await next()]).toEqual([
    ["gzip", "accept-encoding"],
    ["gzip", "accept-encoding"],
    [null, "accept-encoding"],
  ]);
  expect(
    (
      await ask(
        serving(() => TEXT, { maxStreams: 0 }),
        "gzip",
      )
    ).coding,
  ).toBe("gzip");
  await readers[0]?.cancel();
  await expect.poll(activeEncoders).toBe(1);
  expect(await next()).toEqual(["gzip", "accept-encoding"]);
  await Promise.all(readers.map((reader) => reader.cancel()));
});
