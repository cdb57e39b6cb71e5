import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import { _get, _post, _requestReceiver, around, type RequestContext, Resource, respond } from "argania";
import { type ConnectMiddleware, type ConnectResponse, connectHandler, connectLayer } from "argania/connect";
import { RequestDecompressionLayer } from "argania/middleware";
import compression from "compression";
import express from "express";
import multer from "multer";
import { describe, expect, it } from "vitest";
import { eventually, serveTree } from "./serve-tree.ts";

type Raw = ConnectResponse & {
  listenerCount(event: string): number;
  destroy(error?: Error): void;
  writeHead(status: number, headers?: object): unknown;
  write(chunk: string | Uint8Array, callback?: () => void): boolean;
};

const treeWith = (
  middleware: ConnectMiddleware,
  handler: (context: RequestContext) => unknown = () => "inside",
) => {
  const root = new Resource("/");
  root.addLayerTo(_requestReceiver(connectLayer(middleware)));
  root.setHandlerFor(_get.to(handler as () => string));
  return root;
};

/** Sends a request and leaves when `isTime` says so. */
async function leaveAfter(
  url: string,
  isTime: () => boolean,
  head: string | Uint8Array = "GET / HTTP/1.1\r\nhost: x\r\n\r\n",
) {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  socket.on("error", () => {});
  socket.write(head);
  await eventually(isTime);
  socket.destroy();
}

describe("clients that leave", () => {
  it("are noticed by middleware that answers nothing, and nothing is left behind", async () => {
    let response: Raw | null = null;
    let isClosed = false;
    const { url, logged } = await serveTree(
      treeWith((_request, raw) => {
        response = raw as Raw;
        raw.on("close", () => {
          isClosed = true;
        });
      }),
    );
    await leaveAfter(url, () => response !== null);
    await eventually(() => isClosed);
    expect((response as Raw | null)?.writableFinished).toBe(false);
    expect(logged).toEqual([]);
  });

  it("are noticed in process, whatever they have left for", async () => {
    const closed: string[] = [];
    const root = treeWith((request, response) => {
      request.on("aborted", () => closed.push("aborted"));
      response.on("close", () => closed.push("close"));
    });
    const service = root.intoService({ logger: { error() {} } });
    for (const reason of [new DOMException("late", "TimeoutError"), new Error("gone")]) {
      const controller = new AbortController();
      const answer = service.request("/", { signal: controller.signal });
      await new Promise((resolve) => setTimeout(resolve, 5));
      controller.abort(reason);
      expect((await answer).status).toBe(500);
    }
    await eventually(() => closed.length === 4);
  });

  it("end a stream of the handler behind a compressor", async () => {
    let isReturned = false;
    const endless = async function* () {
      try {
        for (;;) {
          yield "x".repeat(100_000);
        }
      } finally {
        isReturned = true;
      }
    };
    const { url } = await serveTree(
      treeWith(compression(), () => respond({ "content-type": "text/plain" }, endless())),
    );
    let seen = 0;
    const controller = new AbortController();
    const response = await fetch(url, { signal: controller.signal, headers: { "accept-encoding": "gzip" } });
    for await (const chunk of response.body as ReadableStream<Uint8Array>) {
      seen += chunk.length;
      if (seen > 1_000_000) {
        break;
      }
    }
    controller.abort();
    await eventually(() => isReturned);
  });

  it("hold back an app that writes more than they take, and end it", async () => {
    let written = 0;
    let isClosed = false;
    const app: ConnectMiddleware = (_request, response) => {
      const chunk = Buffer.alloc(65_536);
      const write = () => {
        while (written < 1e9 && !response.destroyed) {
          written += chunk.length;
          if (!response.write(chunk)) {
            response.once("drain", write);
            return;
          }
        }
      };
      response.on("close", () => {
        isClosed = true;
      });
      write();
    };
    const root = new Resource("/");
    root.setHandlerFor(_get.to(connectHandler(app)));
    const { url } = await serveTree(root);
    let before = -1;
    await leaveAfter(url, () => {
      const isStill = written === before;
      before = written;
      return isStill && written > 0;
    });
    expect(written).toBeLessThan(50_000_000);
    await eventually(() => isClosed);
  });

  it("end a body parser that waits for the rest", async () => {
    const root = new Resource("/");
    let error: unknown = null;
    root.addLayerTo(
      _requestReceiver([
        around(async (_context, next) => {
          try {
            return await next();
          } catch (thrown) {
            error = thrown;
            throw thrown;
          }
        }),
        connectLayer(express.json()),
      ]),
    );
    root.setHandlerFor(_post.to(() => "never"));
    const { url } = await serveTree(root);
    const head =
      "POST / HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 10\r\n\r\n{";
    let turns = 0;
    await leaveAfter(url, () => turns++ > 10, head);
    await eventually(() => error !== null);
  });

  it.each(["the signal's reason", "an error of its own"])(
    "end a handler that fails with %s",
    async (what) => {
      const events: string[] = [];
      const root = treeWith(
        (_request, _response, next) => next(),
        ({ signal }) => {
          events.push("begun");
          return new Promise((_, reject) => {
            signal.addEventListener("abort", () => {
              events.push("ended");
              reject(what === "an error of its own" ? new Error("its own") : signal.reason);
            });
          });
        },
      );
      const { url, logged } = await serveTree(root);
      await leaveAfter(url, () => events.length === 1);
      await eventually(() => events.length === 2);
      await new Promise((resolve) => setTimeout(resolve, 20));
      // As without middleware: what was told to end is no failure, anything else is.
      expect(logged.map((details) => String((details as { err: unknown }).err))).toEqual(
        what === "an error of its own" ? ["Error: its own"] : [],
      );
    },
  );

  const beginning = "--b\r\ncontent-disposition: form-data; name=a\r\n\r\n";
  it.each([
    ["as it came", "identity", Buffer.from(beginning)],
    ["decoded", "gzip", gzipSync(beginning).subarray(0, 10)],
  ])(
    "in the middle of an upload, %s, are no failure that anybody could fill the log with",
    async (_, coding, part) => {
      const errors: unknown[] = [];
      const noting = around(async (_context, next) => {
        try {
          return await next();
        } catch (error) {
          errors.push(error);
          throw error;
        }
      });
      const root = new Resource("/").setHandlerFor(_post.to(() => "never"));
      root.addLayerTo(
        _requestReceiver([noting, new RequestDecompressionLayer(), connectLayer(multer().any())]),
      );
      const { url, logged } = await serveTree(root);
      const head = `POST / HTTP/1.1\r\nhost: x\r\ncontent-type: multipart/form-data; boundary=b\r\ncontent-encoding: ${coding}\r\ncontent-length: 1000\r\n\r\n`;
      let turns = 0;
      await leaveAfter(url, () => turns++ > 10, Buffer.concat([Buffer.from(head), part]));
      await eventually(() => errors.length > 0);
      expect(errors).toMatchObject([{ name: "AbortError" }]);
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(logged).toEqual([]);
    },
  );
});
