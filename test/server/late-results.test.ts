import { _get, _post, Resource, Server } from "argania";
import { expect, it } from "vitest";
import { sendRaw } from "../support/raw-http.ts";

it("a stream that is returned after the handler's time is over is let go of", async () => {
  const events: string[] = [];
  let release = () => {};
  const root = new Resource("/").setHandlerFor(
    _get.to(async () => {
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      return new ReadableStream<Uint8Array>({
        cancel() {
          events.push("cancelled");
        },
      });
    }),
  );
  const service = root.intoService({ logger: { error: () => {} } });
  const server = await new Server().withLimits({ handlerTimeout: 50 }).serve(service, "127.0.0.1:0");
  try {
    expect((await fetch(server.url)).status).toBe(503);
    release();
    await expect.poll(() => events).toEqual(["cancelled"]);
  } finally {
    await server.close();
  }
});

it("a client that goes away while its body is read is no failure of the server's", async () => {
  const reports: unknown[] = [];
  let isSettled = false;
  const root = new Resource("/").setHandlerFor(
    _post.to(async ({ request }) => {
      try {
        return await request.text();
      } finally {
        isSettled = true;
      }
    }),
  );
  const service = root.intoService({ logger: { error: ({ err }) => reports.push(err) } });
  const server = await new Server().serve(service, "127.0.0.1:0");
  try {
    const { port } = server.address;
    const head = `POST / HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 10\r\n\r\nhalf`;
    const socket = (await import("node:net")).connect(port, "127.0.0.1", () => socket.write(head));
    setTimeout(() => socket.destroy(), 50);
    await expect.poll(() => isSettled).toBe(true);
    expect(await sendRaw(port, "GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")).toContain("405");
    expect(reports).toEqual([]);
  } finally {
    await server.close();
  }
});
