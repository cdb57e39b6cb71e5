import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { sendStream } from "../../src/response/node-send-stream.ts";
import type { NodeWritable } from "../../src/response/node-writable.ts";

function writable(): NodeWritable {
  return Object.assign(new EventEmitter(), {
    write: () => true,
    end: () => {},
    flushHeaders: () => {},
    destroy: () => {},
  }) as unknown as NodeWritable;
}

const noHead = (): never => {
  throw new Error("headers were sent already");
};

test("a head that cannot be written is heard of while the source waits for its first chunk", async () => {
  let hasStarted = false;
  async function* waitsForever(): AsyncGenerator<string> {
    hasStarted = true;
    await new Promise<never>(() => {});
    yield "never";
  }
  await expect(
    sendStream(writable(), noHead, waitsForever(), undefined, { isHeadAlone: true }),
  ).rejects.toThrow("sent already");
  expect(hasStarted).toBe(true);
});

test("a source that wakes up after its head could not be written is let go, and nothing is written", async () => {
  let wake = () => {};
  const written: unknown[] = [];
  let isReleased = false;
  async function* late(): AsyncGenerator<string> {
    try {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
      yield "late";
      yield "later";
    } finally {
      isReleased = true;
    }
  }
  const target = Object.assign(writable(), { write: (chunk: unknown) => written.push(chunk) > 0 });
  await expect(sendStream(target, noHead, late(), undefined, { isHeadAlone: true })).rejects.toThrow(
    "sent already",
  );
  wake();
  await expect.poll(() => isReleased).toBe(true);
  expect(written).toEqual([]);
});

test("a head that cannot be written with the first chunk is heard of, too", async () => {
  async function* atOnce(): AsyncGenerator<string> {
    yield "now";
  }
  await expect(sendStream(writable(), noHead, atOnce(), undefined)).rejects.toThrow("sent already");
});
