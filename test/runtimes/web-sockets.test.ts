import { expect } from "vitest";
import WebSocket from "ws";
import { onEveryRuntime } from "./on-every-runtime.ts";

onEveryRuntime("WebSockets", ({ name, test, get, url }) => {
  const open = (path: string, protocols: string[] = [], headers: Record<string, string> = {}) =>
    new WebSocket(url().replace("http", "ws") + path, protocols, { headers });

  test("text and bytes come back, in order", async () => {
    const socket = open("/ws/echo", ["a", "b"]);
    const messages: unknown[] = [];
    socket.on("message", (data, isBinary) => messages.push(isBinary ? data : String(data)));
    await once(socket, "open");
    expect(socket.protocol).toBe("b");
    for (const message of ["one", "zwei ä", "", Buffer.from([1, 2, 3]), "x".repeat(1_000)])
      socket.send(message);
    await expect.poll(() => messages.length).toBe(5);
    expect(messages).toEqual(["one", "zwei ä", "", Buffer.from([1, 2, 3]), "x".repeat(1_000)]);
    socket.close(4002, "over");
    await once(socket, "close");
    await expect
      .poll(async () => ((await (await get("/seen")).json()) as { closed: string }).closed)
      .toBe("4002 over");
  });

  test("a message that is too long ends it with 1009", async () => {
    const socket = open("/ws/echo", ["b"]);
    await once(socket, "open");
    socket.send("x".repeat(1_001));
    expect((await once(socket, "close"))[0]).toBe(1009);
  });

  test("what the server closes, and what fails, is told by codes", async () => {
    const closing = await once(open("/ws/closing"), "close");
    expect([closing[0], String(closing[1])]).toEqual([4001, "enough"]);
    const failing = await once(open("/ws/failing"), "close");
    expect([failing[0], String(failing[1])]).toEqual([1011, expect.not.stringContaining("secret")]);
  });

  test("handshakes that are none, and pages of other origins, are refused", async () => {
    const plain = await get("/ws/echo");
    // Workers keep headers of connections to themselves.
    expect([plain.status, plain.headers.get("upgrade")]).toEqual([
      426,
      name === "workers" ? null : "websocket",
    ]);
    await plain.text();
    const foreign = open("/ws/echo", ["b"], { origin: "https://evil.example" });
    const [, response] = await once(foreign, "unexpected-response");
    expect((response as { statusCode: number }).statusCode).toBe(403);
    foreign.terminate();
  });
});

function once(socket: WebSocket, event: string): Promise<unknown[]> {
  return new Promise((resolve, reject) => {
    socket.once(event, (...values: unknown[]) => resolve(values));
    if (event !== "error") socket.once("error", (error) => reject(error));
  });
}
