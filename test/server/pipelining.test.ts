import { _get, Resource, Server } from "argania";
import { expect, test } from "vitest";
import { RawClient, statuses } from "./raw-client.ts";
import { serve } from "./serve.ts";

/** A site whose answers wait, and how many of its handlers have begun. */
async function start(server = new Server()) {
  const held: (() => void)[] = [];
  let begun = 0;
  const root = new Resource("/");
  root.subresource("/held/{name}").setHandlerFor(
    _get.to(({ params }) => {
      begun++;
      return new Promise<string>((resolve) => held.push(() => resolve(params.name)));
    }),
  );
  root.subresource("/now/{name}").setHandlerFor(_get.to(({ params }) => params.name));
  const { port } = await serve(root.intoService(), server);
  const release = (count = held.length) => {
    for (const answer of held.splice(0, count)) {
      answer();
    }
  };
  /** Until another connection has been served. */
  const pass = async () => {
    const other = (await RawClient.connect(port)).get("/now/1", "Connection: close");
    expect(bodies(await other.all())).toEqual([1]);
  };
  const client = await RawClient.connect(port);
  return { client, pass, begun: () => begun, running: () => held.length, release };
}

const bodies = (received: string) => [...received.matchAll(/\r\n\r\n(\d+)/g)].map(([, body]) => Number(body));
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

test("maxPipelinedRequests: a flood runs no more handlers at once, and ends the connection", async () => {
  const { client, pass, begun, running, release } = await start();
  client.send("GET /held/7 HTTP/1.1\r\nHost: x\r\n\r\n".repeat(20_000));
  await expect.poll(begun).toBeGreaterThan(0);
  // Another connection is served only after what this one had sent was parsed.
  await pass();
  expect(begun()).toBe(100);
  let isOver = false;
  client.ended.then(() => {
    isOver = true;
  });
  while (!isOver) {
    release();
    await pass();
    expect(running()).toBeLessThanOrEqual(100);
  }
  expect(begun()).toBe(1_100);
  expect(statuses(await client.all())).toHaveLength(1_100);
  expect(client.received.match(/Connection: close/g)).toHaveLength(1);
});

test("maxPipelinedRequests: what comes later has its turn, and is answered in order", async () => {
  const { client, pass, begun, release } = await start(new Server().withLimits({ maxPipelinedRequests: 3 }));
  client.socket.setNoDelay(true);
  for (const name of upTo(10)) {
    client.get(`/held/${name}`);
    await pass();
  }
  for (const answered of upTo(10)) {
    await expect.poll(begun).toBe(Math.min(answered + 3, 10));
    await pass();
    expect(begun()).toBe(Math.min(answered + 3, 10));
    release(1);
  }
  await client.until(/\r\n\r\n9/);
  expect(bodies(client.received)).toEqual(upTo(10));
  client.get("/held/10", "Connection: close");
  await expect.poll(begun).toBe(11);
  release();
  expect(bodies(await client.all())).toEqual(upTo(11));
});

test("maxPipelinedRequests: a body behind the limit is read when there is room", async () => {
  const { client, pass, begun, release } = await start(new Server().withLimits({ maxPipelinedRequests: 1 }));
  client.get("/held/0").get("/held/1");
  await expect.poll(begun).toBe(1);
  client.send(
    "POST /now/2 HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbodyGET /now/3 HTTP/1.1\r\nHost: x\r\n\r\n",
  );
  await pass();
  release();
  await expect.poll(begun).toBe(2);
  release();
  await client.until(/405[\s\S]*\r\n\r\n3$/);
  expect(statuses(client.received)).toEqual([200, 200, 405, 200]);
  client.close();
});

test("maxPipelinedRequests: fewer are no flood, and 0 is without limit", async () => {
  const lines = (count: number) => upTo(count).map((name) => `GET /now/${name} HTTP/1.1\r\nHost: x\r\n\r\n`);
  const { client } = await start();
  for (const _ of upTo(5)) {
    client.received = "";
    client.send(lines(150).join(""));
    await client.until(/\r\n\r\n149$/);
    expect(bodies(client.received)).toEqual(upTo(150));
  }
  client.close();
  const free = await start(new Server().withLimits({ maxPipelinedRequests: 0 }));
  free.client.send(lines(500).join(""));
  expect(bodies(await free.client.until(/\r\n\r\n499$/))).toEqual(upTo(500));
  free.client.close();
});

test("nothing is served behind an answer that said it was the last", async () => {
  const { client, begun } = await start();
  client.send(
    `POST /now/1 HTTP/1.1\r\nHost: x\r\nContent-Length: 70000\r\n\r\n${"b".repeat(70_000)}GET /held/1 HTTP/1.1\r\nHost: x\r\n\r\n`,
  );
  expect(statuses(await client.all())).toEqual([405]);
  expect(begun()).toBe(0);
});
