import { createServer, type RequestListener } from "node:http";
import { Duplex } from "node:stream";
import type { WebSocketClose, WebSocketOptions } from "argania/websocket";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { IdleWatch, LOOKS } from "../../src/data/websocket/idle-watch.ts";
import { Sweep } from "../../src/data/websocket/sweep.ts";
import {
  closeCodeIn,
  echo,
  frame,
  framesIn,
  handshake,
  openClient,
  openRaw,
  PING,
  PONG,
  serveSite,
  siteWith,
  TEXT,
} from "./sockets.ts";

describe("the idle timeout", () => {
  const watched = { read: 0, flushed: 0, waiting: 0, isPaused: false };
  const events: string[] = [];
  const newWatch = () =>
    new IdleWatch({
      bytesRead: () => watched.read,
      bytesFlushed: () => watched.flushed,
      bytesWaiting: () => watched.waiting,
      isPaused: () => watched.isPaused,
      ping: () => events.push("ping"),
      expire: () => events.push("expire"),
    });
  const look = (watch: IdleWatch, times: number) => {
    for (let index = 0; index < times; index++) {
      watch.check();
    }
    return events.splice(0);
  };
  beforeEach(() => {
    Object.assign(watched, { read: 0, flushed: 0, waiting: 0, isPaused: false });
    events.length = 0;
  });

  test("pings after half of it, and ends the connection after all of it", () => {
    const watch = newWatch();
    expect(look(watch, LOOKS / 2 - 1)).toEqual([]);
    expect(look(watch, 1)).toEqual(["ping"]);
    expect(look(watch, LOOKS / 2 - 1)).toEqual([]);
    expect(look(watch, 1)).toEqual(["expire"]);
  });

  test("begins anew with each byte, such as those of a pong", () => {
    const watch = newWatch();
    for (let round = 0; round < 5; round++) {
      expect(look(watch, LOOKS - 1)).toEqual(["ping"]);
      watched.read += 2;
      expect(look(watch, 1)).toEqual([]);
    }
  });

  test("does not hold a slow application against its client, which is pinged all the same", () => {
    watched.isPaused = true;
    const watch = newWatch();
    expect(look(watch, LOOKS * 3)).toEqual(["ping", "ping", "ping"]);
    watch.reset();
    watched.isPaused = false;
    expect(look(watch, LOOKS)).toEqual(["ping", "expire"]);
  });

  test("ends a connection whose client takes nothing of what waits for it", () => {
    Object.assign(watched, { isPaused: true, waiting: 100 });
    const watch = newWatch();
    expect(look(watch, LOOKS - 1)).toEqual(["ping"]);
    watched.flushed += 1;
    expect(look(watch, 1)).toEqual([]);
    expect(look(watch, LOOKS)).toEqual(["ping", "expire"]);
  });
});

describe("a sweep", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("looks at all of its members with one timer, which ends with them", () => {
    const sweep = new Sweep(10);
    const looks = [0, 0];
    const members = looks.map((_, index) => ({
      check: () => {
        looks[index] = (looks[index] as number) + 1;
      },
    }));
    for (const member of members) {
      sweep.add(member);
    }
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(20);
    expect(looks).toEqual([2, 2]);
    for (const member of members) {
      sweep.remove(member);
    }
    expect(vi.getTimerCount()).toBe(0);
    sweep.add(members[0] as (typeof members)[0]);
    vi.advanceTimersByTime(10);
    expect(looks).toEqual([3, 2]);
    sweep.remove(members[0] as (typeof members)[0]);
  });
});

describe("a client that says nothing", () => {
  const closeOf = async (options: WebSocketOptions) => {
    let close: WebSocketClose | undefined;
    const { port, url } = await serveSite(
      async (socket) => {
        await echo(socket);
        close = await socket.closed;
      },
      { closeTimeout: 50, ...options },
    );
    return { port, url, close: () => close };
  };

  test("gets a ping, and 1001 if it does not answer", async () => {
    const { port, close } = await closeOf({ idleTimeout: 80 });
    const client = await openRaw(port);
    await client.ended;
    expect(framesIn(client.received).map(({ opcode }) => opcode)).toEqual([PING, 8]);
    expect(closeCodeIn(client.received)).toBe(1001);
    await expect.poll(close).toEqual({ code: 1001, reason: "idle", wasClean: false });
  });

  test("stays as long as it answers over a stream that is no socket and counts no bytes", async () => {
    const { service } = siteWith(echo, { idleTimeout: 200 });
    const server = createServer(service.nodeListener as unknown as RequestListener);
    let received = "";
    let pings = 0;
    const stream = new Duplex({
      read() {},
      write(chunk: Buffer, _encoding, done) {
        received += chunk.toString("latin1");
        if (chunk[0] === (0x80 | PING)) {
          pings++;
          stream.push(Buffer.from(frame(PONG), "latin1"));
        }
        done();
      },
    });
    onTestFinished(() => void stream.destroy());
    server.emit("connection", stream);
    stream.push(handshake());
    await expect.poll(() => pings + (closeCodeIn(received) ?? 0), { timeout: 10_000 }).toBe(4);
    stream.push(Buffer.from(frame(TEXT, "still here"), "latin1"));
    await expect.poll(() => received).toMatch(/still here$/);
  });

  test("stays as long as it answers, or with 0", async () => {
    const { url } = await closeOf({ idleTimeout: 400 });
    const { port: patient } = await closeOf({ idleTimeout: 0 });
    const { socket, messages, pings } = await openClient(url);
    const raw = await openRaw(patient);
    await expect.poll(() => pings.length, { timeout: 10_000 }).toBe(4);
    socket.send("still here");
    raw.send(frame(1, "me too"));
    await expect.poll(() => messages).toEqual(["still here"]);
    await raw.until(/me too$/);
    expect(framesIn(raw.received)).toHaveLength(1);
  });
});
