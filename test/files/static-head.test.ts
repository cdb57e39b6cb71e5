import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { connect } from "node:net";
import { Server, type ServerHandle } from "argania";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { serving } from "./serving.ts";
import { tempFiles } from "./temp-files.ts";

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
});
