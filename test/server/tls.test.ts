import { request as httpsRequest } from "node:https";
import { connect as connectNet } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { _get, Resource, Server } from "argania";
import { expect, test } from "vitest";
import { RawClient } from "./raw-client.ts";
import { serve, testTls } from "./serve.ts";

const service = new Resource("/")
  .setHandlerFor(_get.to((context) => `${context.url.protocol} ${context.request.url}`))
  .intoService();

function secure(port: number, options: object = {}): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connectTls({ port, host: "127.0.0.1", rejectUnauthorized: false, ...options }, () =>
      resolve(socket),
    );
    socket.once("error", reject);
  });
}

test.each([
  ["HTTP/1.1 alone", new Server()],
  ["with HTTP/2 beside it", new Server().withHttp2()],
])("HTTPS, %s", async (_, server) => {
  const { url, port } = await serve(service, server.withTls(testTls()));
  expect(url).toBe(`https://127.0.0.1:${port}`);
  const body = await new Promise<string>((resolve, reject) => {
    const request = httpsRequest(
      url,
      { ca: testTls().cert, servername: "localhost", agent: false },
      async (response) => {
        let text = "";
        for await (const chunk of response) {
          text += chunk;
        }
        resolve(text);
      },
    );
    request.on("error", reject).end();
  });
  expect(body).toBe(`https: https://127.0.0.1:${port}/`);
});

test("a failed handshake, garbage and plain HTTP touch nobody else", async () => {
  const { port } = await serve(service, new Server().withTls(testTls()));
  const other = new RawClient(await secure(port));
  await other.get("/").until(/https:.*\/$/);
  for (const text of ["GET / HTTP/1.1\r\nHost: x\r\n\r\n", "\x16\x03\x01\x00\x05hello garbage", "\x00"]) {
    const client = (await RawClient.connect(port)).send(text);
    client.socket.end();
    await client.ended;
    expect(client.received).not.toContain("HTTP/1.1");
    client.close();
  }
  await expect(
    secure(port, { maxVersion: "TLSv1.1", minVersion: "TLSv1", ciphers: "ALL:@SECLEVEL=0" }),
  ).rejects.toThrow();
  const reset = connectNet(port, "127.0.0.1", () => {
    reset.write("\x16\x03\x01\x02\x00");
    reset.resetAndDestroy();
  });
  await new Promise((resolve) => reset.once("close", resolve));
  expect(await other.get("/", "Connection: close").all()).toMatch(/https:.*\/$/);
});

test("a parse error inside TLS is answered", async () => {
  const { port } = await serve(service, new Server().withTls(testTls()));
  expect(await new RawClient(await secure(port)).send("GARBAGE\r\n\r\n").all()).toMatch(/^HTTP\/1\.1 400 /);
});

test("a handshake that takes too long is ended", async () => {
  const server = new Server().withTls(testTls()).withLimits({ headersTimeout: 100 });
  const { port } = await serve(service, server);
  expect(await (await RawClient.connect(port)).send("\x16\x03\x01").all()).toBe("");
});

test("draining ends idle sessions, and connections that never began one, without waiting", async () => {
  const server = new Server().withTls(testTls()).withGracefulShutdown(600_000);
  const handle = await server.serve(service, "127.0.0.1:0");
  const silent = await RawClient.connect(handle.address.port);
  const idle = new RawClient(await secure(handle.address.port));
  await idle.get("/").until(/https:.*\/$/);
  const closed = handle.close();
  expect(await idle.ended).toBeNull();
  expect(await silent.ended).toBeNull();
  await closed;
});

test("a handshake that ends during the drain can still make a request", async () => {
  const handle = await new Server().withTls(testTls()).serve(service, "127.0.0.1:0");
  const plain = await RawClient.connect(handle.address.port);
  await new Promise((resolve) => setTimeout(resolve, 50));
  const closed = handle.close();
  const late = new RawClient(await secure(0, { socket: plain.socket }));
  expect(await late.get("/").all()).toMatch(/Connection: close[\s\S]*https:.*\/$/);
  await closed;
});

test("client certificates are asked for on demand", async () => {
  const { port } = await serve(
    service,
    new Server().withTls({ ...testTls(), ca: testTls().cert, requestCert: true }),
  );
  const welcome = new RawClient(await secure(port, testTls()));
  expect(await welcome.get("/", "Connection: close").all()).toMatch(/https:.*\/$/);
  const stranger = await secure(port).then(
    (socket) => new RawClient(socket).get("/").all(),
    () => "",
  );
  expect(stranger).toBe("");
});
