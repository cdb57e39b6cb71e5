import type { WebSocketClose, WebSocketConnection } from "argania/websocket";
import { describe, expect, test } from "vitest";
import { CLOSE, closeCodeIn, closeFrame, echo, frame, openClient, openRaw, serveSite } from "./sockets.ts";

describe("what the client's end looks like", () => {
  const endOf = async (act: (client: Awaited<ReturnType<typeof openRaw>>) => void): Promise<unknown> => {
    let resolve: (close: WebSocketClose) => void = () => {};
    const close = new Promise<WebSocketClose>((done) => {
      resolve = done;
    });
    const aborted: boolean[] = [];
    const { port } = await serveSite(
      async (socket) => {
        aborted.push(socket.signal.aborted);
        await echo(socket);
        const end = await socket.closed;
        aborted.push(socket.signal.aborted);
        resolve(end);
      },
      { closeTimeout: 50 },
    );
    act(await openRaw(port));
    const end = await close;
    expect(aborted).toEqual([false, true]);
    return end;
  };

  test("a code and a reason", async () => {
    const end = await endOf((client) => client.send(closeFrame(3001, "Tschüs")));
    expect(end).toEqual({ code: 3001, reason: "Tschüs", wasClean: true });
  });

  test("no code", async () => {
    expect(await endOf((client) => client.send(frame(CLOSE)))).toEqual({
      code: 1005,
      reason: "",
      wasClean: true,
    });
  });

  test("a connection that breaks off, or just ends", async () => {
    const broken = { code: 1006, reason: "", wasClean: false };
    expect(await endOf((client) => client.socket.resetAndDestroy())).toEqual(broken);
    expect(await endOf((client) => client.socket.end())).toEqual(broken);
  });

  test("signal and closed are there for those who ask late", async () => {
    let connection: WebSocketConnection | undefined;
    const { url } = await serveSite((socket) => {
      connection = socket;
    });
    await (await openClient(url)).closed;
    await expect.poll(() => connection?.isOpen).toBe(false);
    expect(await connection?.closed).toEqual({ code: 1000, reason: "", wasClean: true });
    expect(connection?.signal.aborted).toBe(true);
    expect(connection?.signal.reason).toMatchObject({ name: "AbortError" });
  });
});

test("terminate() ends the connection without a close frame", async () => {
  let close: WebSocketClose | undefined;
  const { port } = await serveSite(async (socket) => {
    socket.terminate();
    close = await socket.closed;
  });
  const client = await openRaw(port).catch(() => undefined);
  await client?.ended;
  expect(closeCodeIn(client?.received ?? "")).toBeUndefined();
  await expect.poll(() => close).toEqual({ code: 1006, reason: "", wasClean: false });
});
