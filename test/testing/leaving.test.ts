import { _get, respond } from "argania";
import { TestClientError } from "argania/testing";
import { type WebSocketClose, webSocketUpgrade } from "argania/websocket";
import { describe, expect, test } from "vitest";
import { site } from "./app.ts";

describe("close() while a WebSocket is being opened", () => {
  test("ends the server's end, which comes later", async () => {
    let begin = () => {};
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    let goOn = () => {};
    const mayGoOn = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const closed: WebSocketClose[] = [];
    const { client } = site((root) => {
      root.subresource("/ws").setHandlerFor(
        _get.to([webSocketUpgrade()], async (upgrade) => {
          begin();
          await mayGoOn;
          return upgrade(async (socket) => {
            closed.push(await socket.closed);
          });
        }),
      );
    });
    const at = client();
    const opening = expect(at.webSocket("/ws")).rejects.toThrow("The test client was closed.");
    await begun;
    await at.close();
    await opening;
    goOn();
    await expect.poll(() => closed.map(({ code }) => code)).toEqual([1006]);
  });
});

describe("webSocket() on an answer without an end", () => {
  const endless = (chunk: string | null) => {
    const seen = { cancelled: 0 };
    const { client } = site((root) => {
      root.subresource("/endless").setHandlerFor(
        _get.to(() =>
          respond(
            new ReadableStream<Uint8Array>(
              {
                pull: (controller) =>
                  chunk === null
                    ? new Promise(() => {})
                    : controller.enqueue(new TextEncoder().encode(chunk)),
                cancel: () => void seen.cancelled++,
              },
              { highWaterMark: 0 },
            ),
          ),
        ),
      );
    });
    return { at: client(), seen };
  };

  test("rejects with how it begins", async () => {
    const { at, seen } = endless("again ");
    const error = (await at.webSocket("/endless").catch((thrown: unknown) => thrown)) as TestClientError;
    expect(error).toBeInstanceOf(TestClientError);
    expect(error.message).toContain("again again");
    await at.close();
    await expect.poll(() => seen.cancelled).toBe(1);
  });

  test("is ended by close() when nothing comes", async () => {
    const { at, seen } = endless(null);
    const opening = expect(at.webSocket("/endless")).rejects.toThrow("The test client was closed.");
    await new Promise((resolve) => setImmediate(resolve));
    await at.close();
    await opening;
    await expect.poll(() => seen.cancelled).toBe(1);
  });
});

test("a body that fails lets go of the signal that its request was given", async () => {
  const { client } = site((root) => {
    root.subresource("/fails").setHandlerFor(
      _get.to(async function* () {
        yield "a";
        throw new Error("half-way");
      }),
    );
  });
  const abort = new AbortController();
  let listeners = 0;
  const { addEventListener, removeEventListener } = abort.signal;
  Object.assign(abort.signal, {
    addEventListener: (...args: Parameters<typeof addEventListener>) => {
      listeners++;
      addEventListener.apply(abort.signal, args);
    },
    removeEventListener: (...args: Parameters<typeof removeEventListener>) => {
      listeners--;
      removeEventListener.apply(abort.signal, args);
    },
  });
  await expect(client().get("/fails", { signal: abort.signal }).text()).rejects.toThrow("half-way");
  expect(listeners).toBe(0);
});

test("an answer without encryption takes no Secure cookie's place", async () => {
  const { client } = site((root) => {
    root
      .subresource("/secure")
      .setHandlerFor(_get.to(() => respond({ "set-cookie": "sid=secret; Secure; Path=/" }, "a")));
    root
      .subresource("/plain")
      .setHandlerFor(_get.to(() => respond({ "set-cookie": "sid=forced; Path=/" }, "a")));
    root
      .subresource("/other")
      .setHandlerFor(_get.to(() => respond({ "set-cookie": "other=1; Path=/" }, "a")));
  });
  const at = client({ origin: "https://a.example" });
  await at.get("/secure");
  await at.get("http://a.example/plain");
  await at.get("http://a.example/other");
  expect([at.cookies.get("sid")?.value, at.cookies.get("other")?.value]).toEqual(["secret", "1"]);
  await at.get("https://a.example/plain");
  expect(at.cookies.get("sid")?.value).toBe("forced");
});
