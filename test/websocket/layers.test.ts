import {
  _get,
  _requestReceiver,
  type Args,
  around,
  ErrorHandlerLayer,
  type ErrorReport,
  type Layer,
  RequestSignals,
  RequestSignalsLayer,
  Resource,
  ResponseError,
  respond,
  Server,
} from "argania";
import { webSocketUpgrade } from "argania/websocket";
import { describe, expect, onTestFinished, test } from "vitest";
import { echo, openClient, serveSite } from "./sockets.ts";

const open = (url: string, headers = {}) =>
  openClient(url, [], { headers }).catch((error: Error) => error.message);

describe("layers and an upgrade", () => {
  test.each([
    [
      "at once",
      around((context, next) => {
        if (context.header("authorization") !== "let me in") {
          throw new ResponseError(401, "Who are you?");
        }
        return next();
      }),
    ],
    [
      "later",
      around(async (context, next) => {
        await new Promise((resolve) => setTimeout(resolve, 10));
        if (context.header("authorization") !== "let me in") {
          throw new ResponseError(401, "Who are you?");
        }
        return next();
      }),
    ],
  ])("a guard lets in or refuses, %s", async (_, guard) => {
    const { url, reports } = await serveSite(echo, {}, { layers: [guard] });
    expect(await open(url)).toBe("status 401");
    const client = await open(url, { Authorization: "let me in" });
    expect(client).toHaveProperty("messages");
    expect(reports).toEqual([]);
  });

  test("headers that handler and layers set are in the answer, but none that break it", async () => {
    const addHeaders = around(async (_, next) => {
      const response = await next();
      response.headers.append("set-cookie", "a=1");
      response.headers.append("set-cookie", "b=2");
      for (const name of [
        "content-length",
        "transfer-encoding",
        "connection",
        "sec-websocket-accept",
        "upgrade",
      ]) {
        response.headers.set(name, "1");
      }
      return response;
    });
    const { url } = await serveSite(echo, {}, { layers: [addHeaders] });
    const client = await openClient(url);
    expect(client.head).toMatchObject({
      "set-cookie": ["a=1", "b=2"],
      connection: "Upgrade",
      upgrade: "websocket",
    });
    expect(client.head).not.toHaveProperty("content-length");
    expect(client.head).not.toHaveProperty("transfer-encoding");
    client.socket.send("x");
    await expect.poll(() => client.messages).toEqual(["x"]);
  });

  test.each<[string, Layer]>([
    [
      "another response",
      around(async (_, next) => {
        await next();
        return respond(418, "No.");
      }),
    ],
    [
      "an error",
      around(async (_, next) => {
        const response = await next();
        if (response.status === 101) {
          throw new ResponseError(418);
        }
        return response;
      }),
    ],
    [
      "another status",
      around(async (_, next) => {
        const response = await next();
        (response as { status: number }).status = 418;
        return response;
      }),
    ],
  ])("one that makes %s of it leaves no WebSocket", async (_, layer) => {
    let calls = 0;
    const { url } = await serveSite(() => void calls++, {}, { layers: [layer] });
    expect(await open(url)).toBe("status 418");
    expect(calls).toBe(0);
  });

  test("one that returns a copy of it does not stand in the way", async () => {
    const copying = around(async (_, next) => {
      const response = (await next()).clone();
      response.headers.set("x-copied", "yes");
      return response;
    });
    const { url } = await serveSite(echo, {}, { layers: [copying] });
    const client = await openClient(url);
    expect(client.head).toMatchObject({ "x-copied": "yes" });
  });

  test("one that keeps it for the next request does not open that one's WebSocket with it", async () => {
    let kept: Response | undefined;
    const caching = around(async (_, next) => {
      kept ??= await next();
      return kept;
    });
    const { url, port } = await serveSite(echo, {}, { layers: [caching] });
    await openClient(url);
    expect((await fetch(`http://127.0.0.1:${port}/ws`)).status).toBe(500);
    expect(await open(url)).toBe("status 500");
  });

  test("101 by itself is no upgrade", async () => {
    const root = new Resource("/").setHandlerFor(
      _get.to(() => {
        const response = respond(200, null);
        (response as { status: number }).status = 101;
        return response;
      }),
    );
    const reports: ErrorReport[] = [];
    const service = root.intoService({ logger: { error: (report) => void reports.push(report) } });
    const { url, close } = await new Server().serve(service, "127.0.0.1:0");
    onTestFinished(() => close());
    expect((await fetch(url)).status).toBe(500);
    expect((await service.request("/")).status).toBe(500);
    expect(reports).toMatchObject([
      { err: { code: "ARGANIA_INVALID_RESPONSE" } },
      { err: { code: "ARGANIA_INVALID_RESPONSE" } },
    ]);
  });

  test("the errors of a handshake pass through the layers", async () => {
    const seen: unknown[] = [];
    const layers = [
      new ErrorHandlerLayer((error) => {
        seen.push((error as { code: unknown }).code);
        throw error;
      }),
    ];
    const { port } = await serveSite(echo, {}, { layers });
    await fetch(`http://127.0.0.1:${port}/ws`);
    expect(seen).toEqual(["ARGANIA_WEBSOCKET_UPGRADE_REQUIRED"]);
  });

  test("signals see the request and its 101", async () => {
    const signals = new RequestSignals();
    const statuses: number[] = [];
    signals.requestFinished.connect(({ status }) => void statuses.push(status));
    const { url } = await serveSite(echo, {}, { layers: [new RequestSignalsLayer(signals)] });
    await openClient(url);
    await expect.poll(() => statuses).toEqual([101]);
  });
});

describe("the handler", () => {
  test("has params, query, extensions and args, and they are there in the callback", async () => {
    const rooms = new Resource("/rooms/{room:\\d+}").setHandlerFor(
      _get
        .to(
          [webSocketUpgrade({ protocols: ["a"] })],
          (upgrade, context, { handlerExtension }: Args<unknown, string>) =>
            upgrade(async (socket) => {
              const { offeredProtocols, protocol } = upgrade;
              const { params, query, host } = context;
              await socket.send(
                JSON.stringify([
                  params.room,
                  query.get("q"),
                  host,
                  handlerExtension,
                  offeredProtocols,
                  protocol,
                ]),
              );
            }),
        )
        .withExtension("extension"),
    );
    const root = new Resource("/");
    root.addSubresource(rooms);
    const { url, close } = await new Server().serve(root.intoService(), "127.0.0.1:0");
    onTestFinished(() => close());
    const { messages, closed } = await openClient(`${url.replace("http", "ws")}/rooms/7?q=x`, ["b", "a"]);
    await closed;
    expect(messages).toEqual([JSON.stringify(["7", "x", "127.0.0.1", "extension", ["b", "a"], "a"])]);
    expect(await open(`${url.replace("http", "ws")}/rooms/x`)).toBe("status 404");
  });

  test("may refuse after all", async () => {
    const root = new Resource("/").setHandlerFor(
      _get.to([webSocketUpgrade()], (upgrade, { query }) =>
        query.has("in") ? upgrade(echo) : respond(409, "Full."),
      ),
    );
    const { url, close } = await new Server().serve(root.intoService(), "127.0.0.1:0");
    onTestFinished(() => close());
    expect(await open(url.replace("http", "ws"))).toBe("status 409");
    expect(await open(`${url.replace("http", "ws")}/?in`)).toHaveProperty("messages");
  });

  test("is told what upgrade takes", async () => {
    const { url, reports } = await serveSite(null as never);
    expect(await open(url)).toBe("status 500");
    expect(String(reports[0]?.err)).toMatch(/write upgrade\(async \(socket\) =>/);
  });
});

test("receivers wrap upgrades as they wrap anything", async () => {
  const passed: string[] = [];
  const root = new Resource("/");
  root.addLayerTo(
    _requestReceiver(
      around((context, next) => {
        passed.push(context.path);
        return next();
      }),
    ),
  );
  root.subresource("/ws").setHandlerFor(_get.to([webSocketUpgrade()], (upgrade) => upgrade(echo)));
  const { url, close } = await new Server().serve(root.intoService(), "127.0.0.1:0");
  onTestFinished(() => close());
  await openClient(`${url.replace("http", "ws")}/ws`);
  expect(passed).toEqual(["/ws"]);
});
