import { _get, _post, around, jsonBody, Resource, Server } from "argania";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { RawClient, statuses } from "./raw-client.ts";
import { MemoryLogger, serve, testTls } from "./serve.ts";

const background: string[] = [];

function site() {
  background.length = 0;
  let answer = () => {};
  const root = new Resource("/").setHandlerFor(_get.to(() => "root"));
  root.subresource("/unread").setHandlerFor(_post.to(() => "early"));
  root.subresource("/read").setHandlerFor(_post.to(({ request }) => request.text()));
  root.subresource("/begun").setHandlerFor(
    _post.to(async ({ body }) => {
      const reader = body?.getReader();
      await reader?.read();
      await reader?.cancel();
      return "early";
    }),
  );
  root.subresource("/left").setHandlerFor(
    _post.to(async ({ body }) => {
      await body?.getReader().read();
      return "early";
    }),
  );
  root.subresource("/cancelled").setHandlerFor(
    _post.to(async ({ body }) => {
      await body?.cancel();
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      return "late";
    }),
  );
  root.subresource("/background").setHandlerFor(
    _post.to((context) => {
      context.request.text().then(
        (text) => background.push(text),
        (error) => background.push(error.name),
      );
      return "early";
    }),
  );
  root.subresource("/raced").setHandlerFor(
    _post
      .to([jsonBody], (value) => {
        background.push(String(value));
      })
      .wrappedIn(
        around((_, next) => {
          next();
          return "early";
        }),
      ),
  );
  root.subresource("/held").setHandlerFor(
    _get.to(
      () =>
        new Promise<string>((resolve) => {
          background.push("held");
          answer = () => resolve("late");
        }),
    ),
  );
  return { service: root.intoService({ logger: new MemoryLogger() }), answer: () => answer() };
}

const CHUNK = `10000\r\n${"x".repeat(65_536)}\r\n`;
/** More than all buffers between two processes of one machine, and far less than the client has. */
const MOST = 32 * 1024 * 1024;

/** Sends a body until the server has had enough, or far too much was taken; says how much it was. */
async function flood(client: RawClient): Promise<number> {
  let isOver = false;
  client.ended.then(() => {
    isOver = true;
  });
  client.socket.on("error", () => {});
  while (!isOver && client.socket.bytesWritten - client.socket.writableLength < MOST) {
    if (!client.socket.write(CHUNK)) {
      await new Promise<void>((resolve) => {
        client.socket.once("drain", resolve);
        client.ended.then(() => resolve());
      });
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  return client.socket.bytesWritten - client.socket.writableLength;
}

const post = (path: string, ...headers: string[]) =>
  `POST ${path} HTTP/1.1\r\n${["Host: x", ...headers].join("\r\n")}\r\n\r\n`;

describe("an answer before the end of the request's body", () => {
  test.each([
    ["chunked", "/unread", "Transfer-Encoding: chunked"],
    ["with a length", "/unread", "Content-Length: 9999999999"],
    ["begun and cancelled", "/begun", "Transfer-Encoding: chunked"],
    ["begun and left", "/left", "Transfer-Encoding: chunked"],
    ["for nothing", "/nothing", "Transfer-Encoding: chunked"],
    ["that wants the end itself", "/unread", "Transfer-Encoding: chunked\r\nConnection: close"],
    ["of a request with too many headers", "/unread", `Transfer-Encoding: chunked${"\r\nX: 1".repeat(250)}`],
    ["of an expectation nobody can meet", "/unread", "Transfer-Encoding: chunked\r\nExpect: 200-ok"],
  ])("reaches the client, and hardly anything more of the body is taken: %s", async (_, path, header) => {
    const { port } = await serve(site().service);
    const client = (await RawClient.connect(port)).send(post(path, header));
    expect(await flood(client)).toBeLessThan(MOST);
    expect(await client.ended).toBeNull();
    client.close();
    expect(statuses(client.received)).toHaveLength(1);
    expect(client.received).toMatch(/^HTTP\/1\.1 (200|404|417|431) [\s\S]*Connection: close\r\n/);
    expect(client.received).toMatch(/\r\n\r\n(early|\{[^\r]*\}|)$/);
  });

  test("a cancelled body is not taken while its answer is still to come", async () => {
    const { service, answer } = site();
    const { port } = await serve(service);
    const client = (await RawClient.connect(port)).send(post("/cancelled", "Transfer-Encoding: chunked"));
    const taken = flood(client);
    let before = -1;
    await expect
      .poll(
        () => {
          const isStanding = before === client.socket.bytesWritten && before > 0;
          before = client.socket.bytesWritten;
          return isStanding;
        },
        { interval: 300, timeout: 10_000 },
      )
      .toBe(true);
    expect(client.socket.bytesWritten - client.socket.writableLength).toBeLessThan(MOST);
    answer();
    expect(await taken).toBeLessThan(MOST);
    expect(client.received).toMatch(/Connection: close\r\n[\s\S]*late$/);
    client.close();
  });

  test.each(["/unread", "/begun", "/left"])(
    "%s: a small rest may still come, and the connection is kept",
    async (path) => {
      const { port } = await serve(site().service);
      const client = (await RawClient.connect(port)).send(`${post(path, "Content-Length: 10")}half `);
      await client.until(/Connection: keep-alive\r\n[\s\S]*early$/);
      client.send("rest.").get("/", "Connection: close");
      expect(await client.all()).toMatch(/root$/);
    },
  );

  test("so it is when an extractor is still at that body", async () => {
    const { service, answer } = site();
    const { port } = await serve(service);
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const client = await RawClient.connect(port);
    client.send(`${post("/raced", "Content-Type: application/json", "Content-Length: 6")}123`);
    await client.until(/Connection: keep-alive\r\n[\s\S]*early$/);
    client.send("456").get("/held", "Connection: close");
    await expect.poll(() => background).toEqual(["123456", "held"]);
    vi.advanceTimersByTime(10_000);
    answer();
    expect(await client.all()).toMatch(/late$/);
  });

  test("a small rest that does not come ends the connection", async () => {
    const { port } = await serve(site().service);
    const client = (await RawClient.connect(port)).send(`${post("/unread", "Content-Length: 10")}half `);
    expect(await client.all()).toMatch(/Connection: keep-alive\r\n[\s\S]*early$/);
  });

  test("whoever reads the body in the background gets a small one, or learns that it was cut off", async () => {
    const { port } = await serve(site().service);
    const whole = (await RawClient.connect(port)).send(`${post("/background", "Content-Length: 10")}half `);
    await whole.until(/early$/);
    whole.send("rest.");
    await expect.poll(() => background).toEqual(["half rest."]);
    whole.close();
    const cut = (await RawClient.connect(port)).send(post("/background", "Transfer-Encoding: chunked"));
    expect(await flood(cut)).toBeLessThan(MOST);
    cut.close();
    await expect.poll(() => background).toEqual(["half rest.", "AbortError"]);
  });

  test("a chunked body that was read keeps its connection", async () => {
    const { port } = await serve(site().service);
    const client = await RawClient.connect(port);
    for (const _ of [1, 2]) {
      client.received = "";
      client.send(`${post("/read", "Transfer-Encoding: chunked")}5\r\nwhole\r\n0\r\n\r\n`);
      await client.until(/Connection: keep-alive\r\n[\s\S]*whole$/);
    }
    client.get("/", "Connection: close");
    expect(await client.all()).toMatch(/root$/);
  });

  test("is got by fetch, over and over", async () => {
    const { url } = await serve(site().service);
    for (const _ of Array.from({ length: 10 })) {
      const response = await fetch(`${url}/unread`, {
        method: "POST",
        body: new Uint8Array(8 * 1024 * 1024),
      });
      expect(await response.text()).toBe("early");
    }
    expect(await (await fetch(url)).text()).toBe("root");
  });

  test("the same inside TLS", async () => {
    const { connect } = await import("node:tls");
    const { port } = await serve(site().service, new Server().withTls(testTls()));
    const client = new RawClient(connect({ port, host: "127.0.0.1", rejectUnauthorized: false }));
    client.send(post("/unread", "Transfer-Encoding: chunked"));
    expect(await flood(client)).toBeLessThan(MOST);
    expect(client.received).toMatch(/Connection: close\r\n[\s\S]*early$/);
    client.close();
  });
});
