import { _get, jsonLines, jsonStream, Resource, type Service } from "argania";
import { describe, expect, test } from "vitest";
import { MemoryLogger, serve } from "../server/serve.ts";

async function* slowly(items: readonly unknown[]): AsyncGenerator<unknown> {
  for (const item of items) {
    await new Promise((resolve) => setImmediate(resolve));
    yield item;
  }
}

describe.each([
  ["a synchronous source", (items: readonly unknown[]) => items],
  ["an asynchronous source", slowly],
])("%s", (_, source) => {
  test.each([
    [[], "[]", ""],
    [[1], "[1]", "1\n"],
    [
      [{ a: "ü" }, null, undefined, "x\ny"],
      '[{"a":"ü"},null,null,"x\\ny"]',
      '{"a":"ü"}\nnull\nnull\n"x\\ny"\n',
    ],
  ])("%j", async (items, array, lines) => {
    const response = jsonStream(source(items));
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(await response.text()).toBe(array);
    const lined = jsonLines(source(items), 203);
    expect(lined.status).toBe(203);
    expect(lined.headers.get("content-type")).toBe("application/x-ndjson");
    expect(await lined.text()).toBe(lines);
  });
});

test("a synchronous source goes in chunks of some size, an asynchronous one item by item", async () => {
  const items = Array.from({ length: 10_000 }, (_, id) => ({ id }));
  const count = async (response: Response) => {
    let chunks = 0;
    let text = "";
    const decoder = new TextDecoder();
    for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
      chunks++;
      text += decoder.decode(chunk, { stream: true });
    }
    expect(JSON.parse(text)).toEqual(items);
    return chunks;
  };
  expect(await count(jsonStream(items))).toBeLessThan(20);
  expect(await count(jsonStream(slowly(items)))).toBe(10_001);
});

test.each([undefined, null, 7, "text", {}])("%j is no source", (value) => {
  expect(() => jsonStream(value as never)).toThrow("jsonStream takes an iterable of items");
  expect(() => jsonLines(value as never)).toThrow("jsonLines takes an iterable of items");
});

describe("over a socket", () => {
  const start = async (service: Service) => `http://127.0.0.1:${(await serve(service)).port}`;

  test("an array larger than any buffer arrives whole", async () => {
    const text = "x".repeat(1_000);
    const url = await start(
      new Resource("/")
        .setHandlerFor(_get.to(() => jsonStream(slowly(new Array(20_000).fill(text)))))
        .intoService(),
    );
    const items = (await (await fetch(url)).json()) as string[];
    expect(items).toHaveLength(20_000);
    expect(items.every((item) => item === text)).toBe(true);
  });

  test("a source that fails at once is a 500, one that fails later breaks the connection off", async () => {
    async function* failing(after: number): AsyncGenerator<number> {
      for (let index = 0; index < after; index++) {
        yield index;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      throw new Error("the database went away");
    }
    const url = await start(
      new Resource("/{after}")
        .setHandlerFor(_get.to(({ params }) => jsonStream(failing(Number(params.after)))))
        .intoService({ logger: new MemoryLogger() }),
    );
    expect((await fetch(`${url}/0`)).status).toBe(500);
    await expect(fetch(`${url}/3`).then((response) => response.text())).rejects.toThrow();
  });

  test("the source is released when the client goes away", async () => {
    let isReleased = false;
    async function* endless(): AsyncGenerator<number> {
      try {
        for (let index = 0; ; index++) {
          yield index;
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
      } finally {
        isReleased = true;
      }
    }
    const url = await start(
      new Resource("/").setHandlerFor(_get.to(() => jsonStream(endless()))).intoService(),
    );
    const controller = new AbortController();
    const response = await fetch(url, { signal: controller.signal });
    await response.body?.getReader().read();
    controller.abort();
    await expect.poll(() => isReleased).toBe(true);
  });

  test.each([
    ["jsonStream", jsonStream],
    ["jsonLines", jsonLines],
  ])("%s releases a source that waits for its next item when the client goes away", async (_, send) => {
    let isReleased = false;
    const waiting = {
      given: 0,
      next(): Promise<IteratorResult<number>> {
        return this.given++ === 0 ? Promise.resolve({ done: false, value: 1 }) : new Promise<never>(() => {});
      },
      async return(): Promise<IteratorResult<number>> {
        isReleased = true;
        return { done: true, value: undefined };
      },
    };
    const url = await start(
      new Resource("/")
        .setHandlerFor(_get.to(() => send({ [Symbol.asyncIterator]: () => waiting })))
        .intoService(),
    );
    const controller = new AbortController();
    const response = await fetch(url, { signal: controller.signal });
    await response.body?.getReader().read();
    await expect.poll(() => waiting.given).toBe(2);
    expect(isReleased).toBe(false);
    controller.abort();
    await expect.poll(() => isReleased).toBe(true);
  });
});

test("a source whose item has no text is released", async () => {
  let isReleased = false;
  function* circular(): Generator<unknown> {
    try {
      const item: { self?: unknown } = {};
      item.self = item;
      yield item;
    } finally {
      isReleased = true;
    }
  }
  await expect(jsonStream(circular()).text()).rejects.toThrow("circular");
  expect(isReleased).toBe(true);
});

test("promises in a synchronous source are awaited", async () => {
  expect(await jsonStream([Promise.resolve(1), 2]).text()).toBe("[1,2]");
});
