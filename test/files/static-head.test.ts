import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { ServerResponse } from "node:http";
import { connect } from "node:net";
import { Server, type ServerHandle } from "argania";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { serving } from "./serving.ts";
import { tempFiles } from "./temp-files.ts";

type WriteHead = (this: ServerResponse, ...args: unknown[]) => unknown;

let server: ServerHandle;
let etag: string;

beforeEach(async () => {
  // Of what has just been changed nothing is kept.
  vi.spyOn(Date, "now").mockReturnValue(Date.now() + 60_000);
  const service = serving(tempFiles({ "a.txt": "hello" }));
  etag = (await service.request("/assets/a.txt")).headers.get("etag") ?? "";
  server = await new Server().serve(service, "127.0.0.1:0");
});

afterEach(async () => {
  vi.restoreAllMocks();
  await server.close();
});

function headOf(...lines: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const head = ["GET /assets/a.txt HTTP/1.1", "Host: a", `If-None-Match: ${etag}`, ...lines];
    const socket = connect(server.address.port, "127.0.0.1", () => {
      socket.write(`${head.join("\r\n")}\r\n\r\n`);
    });
    socket.setEncoding("latin1").once("data", (text: string) => {
      socket.destroy();
      resolve(text);
    });
    socket.on("error", reject);
  });
}

describe("the head of a 304 that was prepared", () => {
  it("says that the connection ends where a body is missing", async () => {
    expect(await headOf()).toMatch(/^HTTP\/1.1 304 [\s\S]*Connection: keep-alive/);
    expect(await headOf("Content-Length: 1000000")).toMatch(/^HTTP\/1.1 304 [\s\S]*Connection: close/);
  });

  it("has what a tool for monitoring has set", async () => {
    const onRequest = (message: unknown) => {
      const { response } = message as { response: { setHeader(name: string, value: string): void } };
      response.setHeader("Server-Timing", "app");
    };
    subscribe("http.server.request.start", onRequest);
    try {
      expect(await headOf()).toMatch(/^HTTP\/1.1 304 [\s\S]*Server-Timing: app/i);
    } finally {
      unsubscribe("http.server.request.start", onRequest);
    }
  });

  it("is seen by a tool that has its own writeHead", async () => {
    const statuses: unknown[] = [];
    const onRequest = (message: unknown) => {
      const { response } = message as { response: { writeHead(...args: unknown[]): unknown } };
      const { writeHead } = response;
      response.writeHead = (...args) => {
        statuses.push(args[0]);
        return writeHead.apply(response, args);
      };
    };
    subscribe("http.server.request.start", onRequest);
    try {
      await headOf();
    } finally {
      unsubscribe("http.server.request.start", onRequest);
    }
    expect(statuses).toEqual([304]);
  });

  const wrappers: Record<string, (original: WriteHead, seen: unknown[]) => WriteHead> = {
    "a function": (original, seen) =>
      function (this: ServerResponse, ...args) {
        seen.push(args[0]);
        this.setHeader("x-trace", "1");
        return original.apply(this, args);
      },
    "a proxy": (original, seen) =>
      new Proxy(original, {
        apply(target, self, args) {
          seen.push(args[0]);
          self.setHeader("x-trace", "1");
          return Reflect.apply(target, self, args);
        },
      }),
  };

  it.each(Object.entries(wrappers))("is seen by a tool that has put %s on the prototype", async (_, wrap) => {
    const prototype = ServerResponse.prototype as unknown as { writeHead: WriteHead };
    const original = prototype.writeHead;
    const seen: unknown[] = [];
    prototype.writeHead = wrap(original, seen);
    try {
      expect(await headOf()).toMatch(/^HTTP\/1.1 304 [\s\S]*x-trace: 1/i);
    } finally {
      prototype.writeHead = original;
    }
    expect(seen).toEqual([304]);
    expect(await headOf()).not.toMatch(/x-trace/i);
  });

  it("goes past Node's own writeHead", async () => {
    await headOf();
    const { writeHead } = ServerResponse.prototype;
    const seen: unknown[] = [];
    const onHead = function (this: ServerResponse, ...args: unknown[]) {
      // As Node's does: this._storeHeader(…)
      seen.push(args[0]);
      return Reflect.apply(writeHead, this, args);
    };
    ServerResponse.prototype.writeHead = onHead as never;
    try {
      expect(await headOf()).toMatch(/^HTTP\/1.1 304 /);
    } finally {
      ServerResponse.prototype.writeHead = writeHead;
    }
    expect(seen).toEqual([]);
  });
});
