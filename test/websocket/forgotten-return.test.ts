import {
  _get,
  type Args,
  around,
  attempt,
  type MethodHandler,
  optional,
  type PathParams,
  type RequestContext,
  Resource,
  ResponseError,
} from "argania";
import { type WebSocketUpgrade, webSocketUpgrade } from "argania/websocket";
import { describe, expect, test } from "vitest";
import { MemoryLogger, serve } from "../server/serve.ts";
import { echo, openClient } from "./sockets.ts";

type Handler = (upgrade: WebSocketUpgrade, context: RequestContext, args: Args) => unknown;

/** Opens a WebSocket at `/rooms/7`: how that ends, and what is logged. */
async function open(handler: Handler | MethodHandler<PathParams, unknown, undefined>) {
  const logger = new MemoryLogger();
  const root = new Resource("/");
  root
    .subresource("/rooms/{room}")
    .setHandlerFor(
      typeof handler === "function" ? _get.to([webSocketUpgrade()], handler as () => string) : handler,
    );
  const { port } = await serve(root.intoService({ logger }));
  const outcome = await openClient(`ws://127.0.0.1:${port}/rooms/7`).then(
    () => "open",
    (error: Error) => error.message,
  );
  return { outcome, errors: logger.reports.map(({ err }) => err as Error & { code?: string }) };
}

describe("a handler that makes an upgrade and returns nothing", () => {
  const given = (upgrade: WebSocketUpgrade | undefined) => upgrade?.(echo);

  test.each<[string, Parameters<typeof open>[0]]>([
    [
      "at once",
      (upgrade) => {
        upgrade(echo);
      },
    ],
    [
      "later",
      async (upgrade) => {
        await null;
        upgrade(echo);
      },
    ],
    [
      "with further extractors",
      _get.to([optional(webSocketUpgrade()), { extract: async () => 5 }], (upgrade) => {
        given(upgrade);
      }),
    ],
    [
      "behind attempt",
      _get.to([attempt(webSocketUpgrade())], async (attempted) => {
        given(attempted.ok ? attempted.value : undefined);
      }),
    ],
    [
      "in a layer",
      _get
        .to([webSocketUpgrade()], (upgrade) => {
          upgrade(echo);
        })
        .wrappedIn(around((_, next) => next())),
    ],
  ])("is a 500, and the log says what to write: %s", async (_, handler) => {
    const { outcome, errors } = await open(handler);
    expect(outcome).toBe("status 500");
    expect(errors).toMatchObject([{ code: "ARGANIA_INVALID_RESPONSE" }]);
    expect(errors[0]?.message).toMatch(/GET \/rooms\/\{room\} called upgrade.* write return upgrade\(…\)/);
  });
});

describe("an upgrade that is made and not used is nobody's mistake", () => {
  test.each<[string, Handler, string]>([
    [
      "when the handler throws",
      (upgrade) => {
        upgrade(echo);
        throw new ResponseError(409, "The room is full.");
      },
      "status 409",
    ],
    [
      "when it returns another response",
      (upgrade) => {
        upgrade(echo);
        return new Response("full", { status: 503 });
      },
      "status 503",
    ],
    [
      "when it returns an empty one on purpose",
      (upgrade) => {
        upgrade(echo);
        return null;
      },
      "status 200",
    ],
    ["nor is one that is not made", () => {}, "status 200"],
    ["nor one that is returned", (upgrade) => upgrade(echo), "open"],
    ["nor one that is returned later", async (upgrade) => upgrade(echo), "open"],
  ])("%s", async (_, handler, expected) => {
    const { outcome, errors } = await open(handler);
    expect(outcome).toBe(expected);
    expect(errors).toEqual([]);
  });
});

test("what comes of one request is not held against another one", async () => {
  const logger = new MemoryLogger();
  let turn = 0;
  const root = new Resource("/").setHandlerFor(
    _get.to([webSocketUpgrade()], (upgrade) => (turn++ === 0 ? upgrade(echo) : undefined)),
  );
  const { port } = await serve(root.intoService({ logger }));
  await openClient(`ws://127.0.0.1:${port}/`);
  await expect(openClient(`ws://127.0.0.1:${port}/`)).rejects.toThrow("status 200");
  expect(logger.reports).toEqual([]);
});
