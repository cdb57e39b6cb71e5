import { createHash } from "node:crypto";
import { readdirSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { connect as connectHttp2, createServer as createHttp2Server } from "node:http2";
import { type AddressInfo, connect } from "node:net";
import { join } from "node:path";
import { _get, Resource, Server, type ServerHandle, type Service } from "argania";
import { FileStream, StaticFiles } from "argania/static";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeFiles, patternBytes, writeOld } from "./temp-files.ts";

const CONTENT = patternBytes(3_000_000);
const HASH = hashOf(CONTENT);

let directory = "";
let server: ServerHandle;
let port = 0;
let service: Service;

beforeAll(async () => {
  directory = makeFiles({
    "files/large.txt": CONTENT,
    "files/large.bin": CONTENT,
    "files/a.txt": "inside",
    "secret.txt": "OUTSIDE",
  });
  const root = new Resource("/").addSubresource(
    new StaticFiles("/files", join(directory, "files")).intoResource(),
  );
  root
    .subresource("/stream")
    .setHandlerFor(_get.to(() => FileStream.open(join(directory, "files/large.bin"))));
  root.addSubresource(
    new StaticFiles("/packed", join(directory, "files"), { compress: true }).intoResource(),
  );
  service = root.intoService({ logger: { error: () => {} } });
  server = await new Server().serve(service, "127.0.0.1:0");
  port = server.address.port;
});

afterAll(async () => {
  await server.close();
  rmSync(directory, { recursive: true, force: true });
});

function hashOf(bytes: Uint8Array): string {
  return createHash("sha1").update(bytes).digest("hex");
}

const openFiles = () => readdirSync("/proc/self/fd").length;

test.each(["/files/large.bin", "/stream"])(
  "every byte of %s arrives, for readers of any speed",
  async (path) => {
    const read = async (pause: number) => {
      const response = await fetch(`http://127.0.0.1:${port}${path}`);
      const hash = createHash("sha1");
      for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
        hash.update(chunk);
        await new Promise((resolve) => (pause === 0 ? setImmediate(resolve) : setTimeout(resolve, pause)));
      }
      return hash.digest("hex");
    };
    const hashes = await Promise.all([read(0), read(0), read(1), read(2), read(5)]);
    expect(new Set(hashes)).toEqual(new Set([HASH]));
  },
);

test("every byte arrives over HTTP/2, too, in several streams at once", async () => {
  const http2 = createHttp2Server(service.nodeListener as never);
  await new Promise<void>((resolve) => http2.listen(0, "127.0.0.1", resolve));
  const session = connectHttp2(`http://127.0.0.1:${(http2.address() as AddressInfo).port}`);
  try {
    const read = (slow: boolean) =>
      new Promise<string>((resolve, reject) => {
        const stream = session.request({ ":path": "/files/large.bin" });
        const hash = createHash("sha1");
        stream.on("data", (chunk: Buffer) => {
          hash.update(chunk);
          if (slow) {
            stream.pause();
            setTimeout(() => stream.resume(), 1);
          }
        });
        stream.on("end", () => resolve(hash.digest("hex")));
        stream.on("error", reject);
      });
    const hashes = await Promise.all([read(false), read(true), read(false), read(true)]);
    expect(new Set(hashes)).toEqual(new Set([HASH]));
  } finally {
    session.close();
    http2.close();
  }
});

test("requests that are pipelined get their files one after the other", async () => {
  const one = "GET /files/large.bin HTTP/1.1\r\nHost: a\r\n\r\n";
  const last = "GET /files/a.txt HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
  const bytes = await new Promise<Buffer>((resolve) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, "127.0.0.1", () => socket.write(one + one + last));
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("close", () => resolve(Buffer.concat(chunks)));
  });
  const bodies: string[] = [];
  for (let position = 0; position < bytes.length; ) {
    const start = bytes.indexOf("\r\n\r\n", position) + 4;
    const length = Number(
      /content-length: (\d+)/.exec(bytes.subarray(position, start).toString("latin1"))?.[1],
    );
    bodies.push(hashOf(bytes.subarray(start, start + length)));
    position = start + length;
  }
  expect(bodies).toEqual([HASH, HASH, hashOf(Buffer.from("inside"))]);
});

test("clients that go away leave no file open", async () => {
  await (await fetch(`http://127.0.0.1:${port}/files/large.bin`)).arrayBuffer();
  const before = openFiles();
  await Promise.all(
    Array.from(
      { length: 40 },
      (_, index) =>
        new Promise<void>((resolve) => {
          const socket = connect(port, "127.0.0.1", () => {
            socket.write(
              `GET ${index % 2 === 0 ? "/files/large.bin" : "/stream"} HTTP/1.1\r\nHost: a\r\n\r\n`,
            );
            if (index % 4 === 3) {
              socket.destroy();
            }
          });
          socket.once("data", () => socket.destroy());
          socket.on("close", () => resolve());
          socket.on("error", () => {});
        }),
    ),
  );
  // Idle connections of fetch may close meanwhile: fewer are fine.
  await expect.poll(openFiles, { timeout: 10_000 }).toBeLessThanOrEqual(before);
});

test("clients that go away while a file is compressed for them free its file, and their place", async () => {
  const before = openFiles();
  const coding = () =>
    new Promise<string | undefined>((resolve) => {
      const socket = connect(port, "127.0.0.1", () => {
        socket.write("GET /packed/large.txt HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n");
      });
      socket.once("data", (chunk) => {
        socket.destroy();
        resolve(/content-encoding: (\w+)/.exec(chunk.toString("latin1"))?.[1]);
      });
    });
  for (let round = 0; round < 3; round++) {
    await Promise.all(Array.from({ length: 20 }, coding));
  }
  await expect.poll(coding, { timeout: 10_000 }).toBe("gzip");
  await expect.poll(openFiles, { timeout: 10_000 }).toBeLessThanOrEqual(before);
});

test("a link that is swapped while requests come in never leads outside", async () => {
  const path = join(directory, "files/swapped.txt");
  const next = `${path}.next`;
  let isDone = false;
  const swapping = (async () => {
    for (let turn = 0; !isDone; turn++) {
      rmSync(next, { force: true });
      if (turn % 2 === 0) {
        symlinkSync("../secret.txt", next);
      } else {
        writeOld(next, "inside");
      }
      renameSync(next, path);
      await new Promise((resolve) => setImmediate(resolve));
    }
  })();
  const answers = new Set<string>();
  for (let round = 0; round < 40; round++) {
    const texts = Array.from({ length: 10 }, async () => {
      const response = await fetch(`http://127.0.0.1:${port}/files/swapped.txt`);
      return response.status === 200 ? response.text() : String(response.status);
    });
    for (const text of await Promise.all(texts)) {
      answers.add(text);
    }
  }
  isDone = true;
  await swapping;
  expect([...answers].filter((text) => text !== "inside" && text !== "404")).toEqual([]);
  expect(answers).toContain("inside");
});
