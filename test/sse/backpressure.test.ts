import { EventStream, type EventStreamSource } from "argania/sse";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { PushedBody } from "../../src/response/pushed-body.ts";

/** A client that takes a chunk, and nothing more before `takeMore`. */
function openSlowly(source: EventStreamSource, keepAlive: number | null = null) {
  const body = new EventStream(source, { keepAlive }).intoResponse().takePayload() as PushedBody;
  const client = {
    chunks: [] as string[],
    isOver: false,
    takeMore: () => body.onWritable(),
    leave: () => body.release(),
  };
  body.open({
    write(chunk) {
      client.chunks.push(Buffer.from(chunk).toString());
      return false;
    },
    end() {
      client.isOver = true;
    },
    fail: expect.unreachable,
    breakOff: expect.unreachable,
  });
  return client;
}

const turn = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

test("a source is asked for an event when the one before has been taken", async () => {
  let asked = 0;
  const client = openSlowly(
    (async function* () {
      while (asked < 3) {
        yield { data: ++asked };
      }
    })(),
  );
  for (let taken = 1; taken <= 3; taken++) {
    await turn();
    expect([asked, client.chunks]).toEqual([
      taken,
      Array.from({ length: taken }, (_, at) => `data:${at + 1}\n\n`),
    ]);
    client.takeMore();
  }
  await turn();
  expect(client.isOver).toBe(true);
});

test("what is sent without waiting is kept, in order, until it is taken", async () => {
  const client = openSlowly(({ send, close }) => {
    for (let number = 1; number <= 3; number++) {
      send({ data: number });
    }
    close();
  });
  for (let taken = 1; taken <= 3; taken++) {
    await turn();
    expect([client.chunks.length, client.chunks.at(-1), client.isOver]).toEqual([
      taken,
      `data:${taken}\n\n`,
      false,
    ]);
    client.takeMore();
  }
  expect(client.isOver).toBe(true);
});

test("no comment is sent to a client that takes nothing", async () => {
  const client = openSlowly(({ send }) => void send({ data: "x" }), 100);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(client.chunks).toEqual(["data:x\n\n"]);
  client.takeMore();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(client.chunks).toEqual(["data:x\n\n", ":\n\n"]);
  client.leave();
  expect(vi.getTimerCount()).toBe(0);
});
