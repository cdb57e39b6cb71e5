import { setTimeout as sleep } from "node:timers/promises";
import { _get, Resource, Server } from "argania";
import { describe, expect, test } from "vitest";
import { isListening, RawClient, statuses } from "./raw-client.ts";
import { MemoryLogger } from "./serve.ts";

async function start() {
  const held: ((value: string) => void)[] = [];
  const root = new Resource("/").setHandlerFor(_get.to(() => "root"));
  root
    .subresource("/held")
    .setHandlerFor(_get.to(() => new Promise<string>((resolve) => held.push(resolve))));
  root.subresource("/cookies").setHandlerFor(
    _get.to(
      () =>
        new Promise<Response>((resolve) => {
          const headers = new Headers([
            ["set-cookie", "a=1"],
            ["set-cookie", "b=2"],
          ]);
          held.push(() => resolve(new Response("cookies", { headers })));
        }),
    ),
  );
  root.subresource("/stream").setHandlerFor(
    _get.to(async function* () {
      yield "begun ";
      yield await new Promise<string>((resolve) => held.push(resolve));
    }),
  );
  const handle = await new Server().withLogger(new MemoryLogger()).serve(root.intoService(), "127.0.0.1:0");
  const connect = () => RawClient.connect(handle.address.port);
  const release = () => {
    for (const resolve of held.splice(0)) {
      resolve("held");
    }
  };
  const untilHeld = (count: number) => expect.poll(() => held.length).toBe(count);
  return { ...handle, port: handle.address.port, connect, release, untilHeld };
}

describe("close()", () => {
  test("in flight: answered with Connection: close, and all of its cookies", async () => {
    const { connect, close, release, untilHeld, port } = await start();
    const client = (await connect()).get("/cookies");
    await untilHeld(1);
    const closed = close();
    expect(await isListening(port)).toBe(false);
    release();
    const received = await client.all();
    expect(received).toMatch(/Connection: close/);
    expect(received.match(/set-cookie: \w=\d/g)).toEqual(["set-cookie: a=1", "set-cookie: b=2"]);
    await closed;
  });

  test("a request behind one in flight is answered, and then the connection closes", async () => {
    const { connect, close, release, untilHeld } = await start();
    const client = (await connect()).get("/held");
    await untilHeld(1);
    const closed = close();
    client.get("/held").get("/");
    await untilHeld(2);
    release();
    const received = await client.all();
    expect(statuses(received)).toEqual([200, 200, 200]);
    expect(received.match(/Connection: close/g)).toHaveLength(1);
    await closed;
  });

  test("a request behind one that asked for the end is not served", async () => {
    const { connect, close, release, untilHeld } = await start();
    const client = (await connect()).get("/held", "Connection: close");
    await untilHeld(1);
    const closed = close();
    client.get("/held");
    await sleep(50);
    release();
    expect(statuses(await client.all())).toEqual([200]);
    await closed;
  });

  test("HTTP/1.0 in flight is answered as ever", async () => {
    const { connect, close, release, untilHeld } = await start();
    const client = (await connect()).send("GET /stream HTTP/1.0\r\n\r\nGET /held HTTP/1.0\r\n\r\n");
    await untilHeld(1);
    const closed = close();
    release();
    expect(await client.all()).toMatch(/\r\n\r\nbegun held$/);
    await closed;
  });

  test("a stream whose head was sent finishes whole, and then the connection closes", async () => {
    const { connect, close, release, untilHeld } = await start();
    const client = (await connect()).get("/stream");
    await untilHeld(1);
    const closed = close();
    release();
    const received = await client.all();
    expect(received).toMatch(/Connection: keep-alive[\s\S]*held\r\n0\r\n\r\n$/);
    await closed;
  });

  test("a request on a stream's connection is answered after it", async () => {
    const { connect, close, release, untilHeld } = await start();
    const client = (await connect()).get("/stream");
    await untilHeld(1);
    const closed = close();
    client.get("/");
    await sleep(50);
    release();
    const received = await client.all();
    expect(received).toMatch(/0\r\n\r\nHTTP\/1\.1 200 OK[\s\S]*Connection: close[\s\S]*root$/);
    await closed;
  });

  test("a request that comes after the connection was ended is not served", async () => {
    const { connect, close } = await start();
    const client = await connect();
    await client.get("/").until(/root$/);
    const closed = close();
    expect(await client.ended).toBeNull();
    client.get("/");
    await closed;
    expect(statuses(client.received)).toEqual([200]);
    client.close();
  });
});
