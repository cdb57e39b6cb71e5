import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { _get, LightResponse, Resource } from "argania";
import { describe, expect, onTestFinished, test } from "vitest";
import { PushedBody, type PushTarget } from "../../src/response/pushed-body.ts";
import { RawClient } from "../server/raw-client.ts";
import { parseRaw } from "../support/raw-http.ts";

/** Sends these chunks when it is asked for any, and then ends. */
class Chunks extends PushedBody {
  readonly prelude: string;
  readonly #chunks: (string | Uint8Array)[];
  #target: PushTarget | null = null;
  released = 0;

  constructor(chunks: readonly (string | Uint8Array)[], prelude = "") {
    super();
    this.#chunks = [...chunks];
    this.prelude = prelude;
  }

  open(target: PushTarget): void {
    this.#target = target;
    this.onWritable();
  }

  onWritable(): void {
    for (let chunk = this.#chunks.shift(); chunk !== undefined; chunk = this.#chunks.shift()) {
      if (this.#target?.write(chunk) === false) {
        return;
      }
    }
    this.#target?.end();
  }

  release(): void {
    this.released++;
  }
}

async function serve(makeBody: () => PushedBody, ownsRequests: boolean): Promise<number> {
  const service = new Resource("/").setHandlerFor(_get.to(() => new LightResponse(makeBody()))).intoService();
  const server = createServer(service.createNodeListener({ ownsRequests }));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

async function exchange(port: number, head = "GET / HTTP/1.1"): Promise<string> {
  const client = await RawClient.connect(port);
  return client.send(`${head}\r\nHost: x\r\nConnection: close\r\n\r\n`).all();
}

/** The body, however its chunks are cut: newer versions of Node put several into one. */
const bodyOf = (received: string) => parseRaw(received).body;

const bytes = (text: string) => new TextEncoder().encode(text);

describe.each([true, false])("chunks on the wire (the connection is our own: %s)", (isOwn) => {
  test.each<[string, readonly (string | Uint8Array)[], RegExp]>([
    ["text", ["é"], /\r\n\r\n2\r\n\xc3\xa9\r\n0\r\n\r\n$/],
    ["bytes", [bytes("one"), bytes("two")], /\r\n\r\n3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n$/],
    ["the same bytes twice", Array(2).fill(bytes("same")), /\r\n\r\n4\r\nsame\r\n4\r\nsame\r\n0\r\n\r\n$/],
    ["many bytes", [new Uint8Array(70_000).fill(120)], /\r\n\r\n11170\r\nx{70000}\r\n0\r\n\r\n$/],
    [
      "nothing in between, which is not the end",
      ["a", "", new Uint8Array(), "b"],
      /\r\n1\r\na\r\n1\r\nb\r\n0\r\n\r\n$/,
    ],
    ["nothing at all", [], /\r\n\r\n0\r\n\r\n$/],
  ])("%s", async (_, chunks, expected) => {
    const received = await exchange(await serve(() => new Chunks(chunks), isOwn));
    expect(received).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*transfer-encoding: chunked\r\n/i);
    expect(bodyOf(received)).toBe(chunks.map((chunk) => Buffer.from(chunk).toString()).join(""));
    expect(received).toMatch(isOwn ? expected : /\r\n0\r\n\r\n$/);
  });

  test("HTTP/1.0 has none", async () => {
    const received = await exchange(
      await serve(() => new Chunks(["one", bytes("two")], "0,"), isOwn),
      "GET / HTTP/1.0",
    );
    expect(received).toMatch(/\r\n\r\n0,onetwo$/);
    expect(received).not.toMatch(/transfer-encoding/i);
  });

  test("the prelude comes first, also before more than the client takes at once", async () => {
    const big = Array.from({ length: 100 }, (_, index) => bytes(`${index % 10}`.repeat(50_000)));
    const received = await exchange(await serve(() => new Chunks(big, "prelude"), isOwn));
    expect(bodyOf(received)).toBe(`prelude${big.map((chunk) => Buffer.from(chunk).toString()).join("")}`);
  });

  test("the connection can be used again", async () => {
    const client = await RawClient.connect(await serve(() => new Chunks(["x"]), isOwn));
    await client.get("/").until(/0\r\n\r\n$/);
    const received = await client.get("/", "Connection: close").all();
    expect(received.match(/1\r\nx\r\n0\r\n\r\n/g)).toHaveLength(2);
  });

  test("responses to pipelined requests do not mix", async () => {
    let number = 0;
    const client = await RawClient.connect(await serve(() => new Chunks([`${++number}`, "x"]), isOwn));
    client.get("/").get("/").get("/", "Connection: close");
    const received = await client.all();
    const whole = isOwn ? /1\r\n\d\r\n1\r\nx\r\n0\r\n\r\n/g : /(?:1\r\n\d\r\n1\r\nx|2\r\n\dx)\r\n0\r\n\r\n/g;
    expect(received.match(whole)).toHaveLength(3);
  });
});

test("a middleware around the response sees what is sent, not how", async () => {
  const service = new Resource("/")
    .setHandlerFor(_get.to(() => new LightResponse(new Chunks(["one", "two"]))))
    .intoService();
  const seen: unknown[] = [];
  const server = createServer((request, response) => {
    const write = response.write.bind(response);
    response.write = ((chunk: string) => {
      seen.push(chunk);
      return write(chunk.toUpperCase());
    }) as typeof response.write;
    service.nodeListener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  expect(bodyOf(await exchange((server.address() as AddressInfo).port))).toBe("ONETWO");
  expect(seen).toEqual(["one", "two"]);
});

describe("as an async iterable", () => {
  test("it is read to its end, prelude first", async () => {
    const read: unknown[] = [];
    for await (const chunk of new Chunks(["one", "two"], "0")) {
      read.push(chunk);
    }
    expect(read).toEqual(["0", "one", "two"]);
  });

  test("it is released once, whether it was begun or not", async () => {
    const [begun, fresh] = [new Chunks(["one", "two"]), new Chunks([])];
    for await (const _ of begun) {
      break;
    }
    const iterator = fresh[Symbol.asyncIterator]();
    await iterator.return?.();
    await iterator.return?.();
    expect([begun.released, fresh.released]).toEqual([1, 1]);
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
  });

  test("whoever waits for a chunk is told that it was released", async () => {
    class Silent extends Chunks {
      override open(): void {}
    }
    const iterator = new Silent([])[Symbol.asyncIterator]();
    const pending = iterator.next();
    await iterator.return?.();
    expect(await pending).toEqual({ done: true, value: undefined });
  });

  test.each(["fail", "breakOff"] as const)(
    "it fails when it is told to (%s), also while nobody reads",
    async (how) => {
      const targets: PushTarget[] = [];
      class Failing extends Chunks {
        override open(target: PushTarget): void {
          targets.push(target);
        }
      }
      const [waiting, idle] = [
        new Failing([])[Symbol.asyncIterator](),
        new Failing([])[Symbol.asyncIterator](),
      ];
      const pending = waiting.next();
      const first = idle.next();
      targets[1]?.write("x");
      await first;
      for (const target of targets) {
        target[how](new Error("failed"));
      }
      await expect(pending).rejects.toThrow();
      await expect(idle.next()).rejects.toThrow();
      expect((await idle.next()).done).toBe(true);
    },
  );
});
