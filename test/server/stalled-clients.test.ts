import type { EventEmitter } from "node:events";
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { type FileHandle, open as openFile } from "node:fs/promises";
import { type ClientHttp2Stream, connect as connectHttp2 } from "node:http2";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import type { Readable } from "node:stream";
import { connect as connectTls } from "node:tls";
import { _get, Resource, Server } from "argania";
import { EventStream } from "argania/sse";
import { FileStream } from "argania/static";
import { webSocketUpgrade } from "argania/websocket";
import { describe, expect, onTestFinished, test } from "vitest";
import { getFrame, WIDE_PREFACE } from "./raw-http2.ts";
import { serve, testTls } from "./serve.ts";

/** More than all buffers on the way to the client. */
const SIZE = 64 * 2 ** 20;

async function start(server: Server, sendTimeout = 100) {
  const folder = mkdtempSync(`${tmpdir()}/argania-stalled-`);
  writeFileSync(`${folder}/film`, "");
  truncateSync(`${folder}/film`, SIZE);
  let open = 0;
  const begin = () => {
    open++;
    return () => {
      open--;
    };
  };
  async function* chunks() {
    const end = begin();
    try {
      for (;;) {
        yield new Uint8Array(65_536);
      }
    } finally {
      end();
    }
  }
  async function* events() {
    const end = begin();
    try {
      for (;;) {
        yield { data: "x".repeat(65_536) };
      }
    } finally {
      end();
    }
  }
  const root = new Resource("/");
  const routes: Record<string, () => unknown> = {
    "/bytes": () => Buffer.alloc(SIZE),
    "/page": () => Buffer.alloc(2 ** 20),
    "/small": () => "small",
    "/stream": chunks,
    "/events": () => new EventStream(events()),
    "/file": async () => {
      const handle = await openFile(`${folder}/film`);
      (handle as FileHandle & EventEmitter).once("close", begin());
      return FileStream.open(handle, { contentType: "video/mp4" });
    },
  };
  for (const [path, handler] of Object.entries(routes)) {
    root.subresource(path).setHandlerFor(_get.to(handler as () => object));
  }
  root.subresource("/socket").setHandlerFor(
    _get.to([webSocketUpgrade()], (upgrade) =>
      upgrade(async (socket) => {
        const end = begin();
        try {
          for (;;) {
            await socket.send(new Uint8Array(65_536));
          }
        } finally {
          end();
        }
      }),
    ),
  );
  const { url, port } = await serve(root.intoService(), server.withLimits({ sendTimeout }));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return { url, port, open: () => open };
}

const PATIENT = { timeout: 10_000 };

const statusOf = (stream: ClientHttp2Stream) =>
  new Promise((resolve) => stream.once("response", (headers) => resolve(headers[":status"])));

/** Sends and takes nothing. */
function silent(socket: Socket, request: string): Socket {
  socket.on("error", () => {});
  socket.write(request, "latin1");
  onTestFinished(() => {
    socket.destroy();
  });
  return socket;
}

const get = (path: string, ...headers: string[]) =>
  `GET ${path} HTTP/1.1\r\n${["Host: localhost", ...headers].join("\r\n")}\r\n\r\n`;

const HANDSHAKE = [
  "Connection: Upgrade",
  "Upgrade: websocket",
  "Sec-WebSocket-Version: 13",
  `Sec-WebSocket-Key: ${btoa("0123456789abcdef")}`,
];

/** A client that does not read learns of the end when it writes. */
async function isCutOff(socket: Socket): Promise<void> {
  const look = () => {
    socket.write("\r\n");
    return socket.destroyed;
  };
  await expect.poll(look, PATIENT).toBe(true);
}

describe.each(["plain", "TLS"])("a client of HTTP/1.1 that takes nothing is cut off (%s)", (kind) => {
  const open = async (request: string) => {
    const app = await start(kind === "TLS" ? new Server().withTls(testTls()) : new Server());
    const socket =
      kind === "TLS" ? connectTls({ port: app.port, rejectUnauthorized: false }) : connect(app.port);
    return { ...app, socket: silent(socket, request) };
  };

  test("whole bytes", async () => {
    const { socket } = await open(get("/bytes"));
    await isCutOff(socket);
  });

  test.each(["/stream", "/events", "/file"])("%s", async (path) => {
    const { socket, open: count } = await open(get(path));
    await expect.poll(count).toBe(1);
    await expect.poll(count, PATIENT).toBe(0);
    await isCutOff(socket);
  });

  test("a WebSocket", async () => {
    const { open: count } = await open(get("/socket", ...HANDSHAKE));
    await expect.poll(count).toBe(1);
    await expect.poll(count, PATIENT).toBe(0);
  });
});

describe("a client of HTTP/2 that takes nothing", () => {
  test.each(["/page", "/stream", "/events", "/file"])("of a stream loses that stream (%s)", async (path) => {
    const { url, open } = await start(new Server().withHttp2());
    const session = connectHttp2(url);
    onTestFinished(() => session.destroy());
    const stream = session.request({ ":path": path });
    stream.on("error", () => {});
    await expect.poll(() => stream.rstCode, PATIENT).toBe(8);
    await expect.poll(open).toBe(0);
    expect(await statusOf(session.request({ ":path": "/small" }))).toBe(200);
  });

  test.each(["/stream", "/file"])("of the connection loses the connection (%s)", async (path) => {
    const { port, open } = await start(new Server().withHttp2());
    const socket = silent(connect(port), WIDE_PREFACE + getFrame(1, path));
    await expect.poll(open).toBe(1);
    await expect.poll(open, PATIENT).toBe(0);
    await isCutOff(socket);
  });
});

describe("a client that takes a little now and then is served to the end", () => {
  const take = async (source: Readable) => {
    let length = 0;
    for await (const chunk of source) {
      length += chunk.length;
      await new Promise((resolve) => setImmediate(resolve));
    }
    return length;
  };

  test("HTTP/1.1", async () => {
    const { port } = await start(new Server(), 1_000);
    const socket = silent(connect(port), get("/bytes", "Connection: close"));
    expect(await take(socket)).toBeGreaterThan(SIZE);
  });

  test("HTTP/2", async () => {
    const { url } = await start(new Server().withHttp2(), 1_000);
    const session = connectHttp2(url);
    onTestFinished(() => session.destroy());
    expect(await take(session.request({ ":path": "/bytes" }))).toBe(SIZE);
  });
});

test("0 is without limit", async () => {
  const { port } = await start(new Server(), 0);
  const socket = silent(connect(port), get("/bytes"));
  await new Promise((resolve) => setTimeout(resolve, 200));
  socket.write("\r\n");
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(socket.destroyed).toBe(false);
});
