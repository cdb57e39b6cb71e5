import v8 from "node:v8";
import { BodyMemoryError, Resource } from "argania";
import { describe, expect, it, test, vi } from "vitest";
import { BodyMemory } from "../../src/request/body-memory.ts";
import { type RawClient, statuses } from "../server/raw-client.ts";
import { announced, CHUNKED, chunk, connect, head, LARGE, site } from "./memory-app.ts";
import { serveAs, WAYS } from "./serve-both.ts";

describe("the memory for bodies", () => {
  it("refuses a body when all others fill it, and never one that is alone", () => {
    const memory = new BodyMemory(100);
    expect([memory.take(90, 0), memory.take(20, 0), memory.take(1, 0), memory.isFull]).toEqual([
      true,
      true,
      false,
      true,
    ]);
    // The one of 90 has 20 beside it.
    expect(memory.take(500, 90)).toBe(true);
    memory.giveBack(590);
    expect([memory.isFull, memory.take(1, 0)]).toEqual([false, true]);
  });

  it("is a share of the heap by default", () => {
    const memory = new BodyMemory();
    expect(memory.take(1_000_000, 0)).toBe(true);
    expect(memory.isFull).toBe(false);
    expect(memory.take(2 ** 40, 0)).toBe(true);
    expect(memory.isFull).toBe(true);
  });

  it("is a fixed size where the runtime says that its heap is 0, as Workers do", () => {
    const asked = vi.spyOn(v8, "getHeapStatistics");
    asked.mockReturnValue({ ...v8.getHeapStatistics(), heap_size_limit: 0 });
    const memory = new BodyMemory();
    expect([memory.take(20_000_000, 0), memory.isFull]).toEqual([true, false]);
    asked.mockRestore();
  });

  it.each([
    [0, /from 1 on/],
    [-1, /from 1 on/],
    [1.5, /from 1 on/],
    [Number.NaN, /from 1 on/],
    ["1", /from 1 on/],
    [null, /from 1 on/],
  ])("cannot be %j", (bodyMemoryLimit, message) => {
    const make = () => new Resource("/").intoService({ bodyMemoryLimit: bodyMemoryLimit as number });
    expect(make).toThrow(message);
    expect(make).toThrow(expect.objectContaining({ code: "ARGANIA_SERVICE_OPTION" }));
  });

  it("may be without limit", () => {
    expect(() => new Resource("/").intoService({ bodyMemoryLimit: Number.POSITIVE_INFINITY })).not.toThrow();
  });
});

describe.each(WAYS)("bodies at once (%s)", (way) => {
  /** Two clients whose bodies are half-way and fill the memory. */
  const fill = async (limit?: number) => {
    const app = site(limit);
    const { port } = await serveAs(way, app.service);
    const open = () => connect(port);
    const clients = [await open(), await open()] as const;
    for (const client of clients) {
      client.send(head("/", CHUNKED) + chunk(LARGE));
    }
    const ask = async (bytes: string) => (await open()).send(bytes);
    const isFull = async () => {
      const client = await ask(announced("/", LARGE) + "x".repeat(LARGE));
      await client.until(/ read$|\}$/);
      client.close();
      return statuses(client.received)[0] === 503;
    };
    await expect.poll(isFull).toBe(true);
    return { ...app, port, clients, ask, isFull };
  };

  test("are refused with a 503 when those of others fill the memory", async () => {
    const { ask, reports } = await fill();
    for (const request of [
      announced("/", LARGE) + "x".repeat(LARGE),
      announced("/", 1_000_000),
      head("/", CHUNKED) + chunk(LARGE),
    ]) {
      const client = await ask(request);
      const received = await client.until(/\}$/);
      expect(received).toMatch(
        /^HTTP\/1\.1 503 [\s\S]*retry-after: 1\r\n[\s\S]*"code":"ARGANIA_BODY_MEMORY"/i,
      );
      client.close();
    }
    expect(reports).toContainEqual(expect.objectContaining({ err: expect.any(BodyMemoryError) }));
  });

  test("of 16 KiB and less are read all the same", async () => {
    const { ask } = await fill();
    const client = await ask(
      announced("/", 16_384) +
        "x".repeat(16_384) +
        head("/", CHUNKED, "Connection: close") +
        chunk(16_384) +
        "0\r\n\r\n",
    );
    await client.ended;
    expect(statuses(client.received)).toEqual([200, 200]);
  });

  test("find room again when others are read, refused, or gone", async () => {
    const { clients, isFull } = await fill();
    const [first, second] = clients;
    first.send("0\r\n\r\n");
    await first.until(/60000 read/);
    await expect.poll(isFull).toBe(false);
    second.socket.resetAndDestroy();
    await expect.poll(isFull).toBe(false);
  });

  test("that go on while others fill the memory are read to their end", async () => {
    const { clients } = await fill();
    for (const client of clients) {
      client.send(`${chunk(1_000)}0\r\n\r\n`);
      await client.until(/61000 read/);
    }
  });

  test("count until their request is answered", async () => {
    const { service, release, held } = site();
    const { port } = await serveAs(way, service);
    const post = async (path: string) =>
      (await connect(port)).send(announced(path, LARGE) + "x".repeat(LARGE));
    const holders = [await post("/held"), await post("/held")];
    await expect.poll(() => held.length).toBe(2);
    expect(await (await post("/")).until(/\}$/)).toMatch(/^HTTP\/1\.1 503 /);
    release();
    for (const holder of holders) {
      await holder.until(/held$/);
    }
    const answer = await post("/");
    await answer.until(/60000 read/);
  });

  test.each([
    ["whose clients go", (client: RawClient) => client.socket.resetAndDestroy()],
    ["whose clients close", (client: RawClient) => client.close()],
  ])("%s count no longer, also when they wait behind others", async (_, leave) => {
    const { service, held } = site();
    const { port } = await serveAs(way, service);
    const client = await connect(port);
    // Node 20 and 22 tell only the first response that the connection has closed.
    client.send(`${announced("/held", 1)}x${announced("/held", 2 * LARGE)}${"x".repeat(2 * LARGE)}`);
    await expect.poll(() => held.length).toBe(2);
    leave(client);
    const isFull = async () => {
      const other = (await connect(port)).send(announced("/", LARGE) + "x".repeat(LARGE));
      await other.until(/ read$|\}$/);
      other.close();
      return statuses(other.received)[0] === 503;
    };
    await expect.poll(isFull).toBe(false);
  });

  test("larger than the memory can be read alone", async () => {
    const { service } = site(20_000);
    const { port } = await serveAs(way, service);
    const client = (await connect(port)).send(announced("/", 500_000) + "x".repeat(500_000));
    await client.until(/500000 read/);
  });
});
