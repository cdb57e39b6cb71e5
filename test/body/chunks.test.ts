import { request } from "node:http";
import { jsonBody } from "argania";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { ByteCollector } from "../../src/common/byte-collector.ts";
import { jsonApp, post } from "./json-app.ts";
import { serveBare } from "./serve-both.ts";

/** A text cut at some places, in bytes: characters are cut, too. */
function cutAt(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const cuts = [0, ...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return cuts.slice(1).map((end, index) => bytes.slice(cuts[index], end));
}

/** JSON has no -0. */
const json = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as unknown);
const cuts = fc.array(fc.nat(), { maxLength: 6 });
const isPoison = (value: unknown) => /"(?:__proto__|constructor)"/.test(JSON.stringify(value));

function streamOf(chunks: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) {
        controller.enqueue(chunk);
      }
      controller.close();
    },
  });
}

/** Each part is written when the one before has left. */
function postParts(port: number, parts: readonly Uint8Array[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json", "transfer-encoding": "chunked" };
    const out = request({ host: "127.0.0.1", port, method: "POST", headers }, (answer) => {
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (part) => {
        text += part;
      });
      answer.on("end", () => resolve(text));
    });
    out.on("error", reject);
    const next = (index: number) => {
      const part = parts[index];
      if (part === undefined) {
        out.end();
      } else {
        out.write(part, () => setImmediate(next, index + 1));
      }
    };
    next(0);
  });
}

describe("any JSON in any chunks comes out equal", () => {
  it("over a socket", async () => {
    const app = jsonApp(jsonBody);
    const { port } = await serveBare(app.service);
    await fc.assert(
      fc.asyncProperty(json, cuts, async (value, places) => {
        fc.pre(!isPoison(value));
        const bytes = new TextEncoder().encode(JSON.stringify(value));
        const answer = await postParts(port, cutAt(bytes, places));
        expect(JSON.parse(answer)).toEqual({ value });
      }),
      { numRuns: 200 },
    );
  });

  it("under fetch", async () => {
    const app = jsonApp(jsonBody);
    await fc.assert(
      fc.asyncProperty(json, cuts, async (value, places) => {
        fc.pre(!isPoison(value));
        const bytes = new TextEncoder().encode(JSON.stringify(value));
        expect((await post(app, streamOf(cutAt(bytes, places)))).body).toEqual({ value });
      }),
      { numRuns: 300 },
    );
  });
});

describe("chunks", () => {
  it("are put together in their order, whatever their sizes", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40_000 }), { maxLength: 8 }), (chunks) => {
        const collector = new ByteCollector();
        for (const chunk of chunks) {
          collector.add(chunk);
        }
        const expected = Buffer.concat(chunks);
        expect(collector.length).toBe(expected.length);
        expect(Buffer.from(collector.whole()).equals(expected)).toBe(true);
      }),
    );
  });

  it("are not copied when there is only one", () => {
    const collector = new ByteCollector();
    const chunk = new Uint8Array([1, 2, 3]);
    collector.add(chunk);
    collector.add(new Uint8Array(0));
    expect(collector.whole()).toBe(chunk);
  });

  it("in great number are moved only now and then", () => {
    const collector = new ByteCollector();
    const buffers = new Set<unknown>();
    for (let index = 0; index < 200_000; index++) {
      collector.add(new Uint8Array([index]));
      buffers.add(collector.whole().buffer);
    }
    // The first one, then 16 KiB and its doubles.
    expect(buffers.size).toBeLessThan(10);
    expect(collector.whole().buffer.byteLength).toBeLessThan(1_000_000);
  });

  it("are not changed: they are their sender's", () => {
    const whole = new Uint8Array([1, 2, 3, 4]);
    const collector = new ByteCollector();
    collector.add(whole.subarray(0, 1));
    collector.add(new Uint8Array([9, 9]));
    expect([...whole]).toEqual([1, 2, 3, 4]);
    expect([...collector.whole()]).toEqual([1, 9, 9]);
  });
});

describe("a stream under fetch", () => {
  const spy = () => {
    const seen = { pulled: 0, cancelled: 0 };
    const stream = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          seen.pulled++;
          controller.enqueue(new Uint8Array(1_000).fill(0x20));
        },
        cancel() {
          seen.cancelled++;
        },
      },
      { highWaterMark: 0 },
    );
    return { seen, stream };
  };
  const app = jsonApp(jsonBody.withLimit(2_500));
  const type = { "content-type": "application/json" };

  test("that is too long is cancelled as soon as it is", async () => {
    const { seen, stream } = spy();
    expect((await post(app, stream)).status).toBe(413);
    expect(seen).toEqual({ pulled: 3, cancelled: 1 });
  });

  test("is counted, whatever it says of its length", async () => {
    const { stream } = spy();
    expect((await post(app, stream, { ...type, "content-length": "10" })).status).toBe(413);
  });

  test("is not read when it says that it is too long", async () => {
    const { seen, stream } = spy();
    expect((await post(app, stream, { ...type, "content-length": "2501" })).status).toBe(413);
    expect(seen).toEqual({ pulled: 0, cancelled: 0 });
  });

  test("that fails is no body", async () => {
    const failing = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(new TextEncoder().encode("1"));
      },
      pull(controller) {
        controller.error(new Error("gone"));
      },
    });
    expect((await post(app, failing)).status).toBe(500);
    expect(app.values).toEqual([]);
  });

  test("of text has no bytes to count", async () => {
    const text = new ReadableStream<string>({
      start(controller) {
        controller.enqueue("1");
        controller.close();
      },
    });
    expect((await post(app, text as unknown as ReadableStream<Uint8Array>)).status).toBe(500);
    expect(String(app.reports.at(-1)?.err)).toMatch(/Uint8Array/);
  });
});
