import { EventEmitter, on } from "node:events";
import { Readable } from "node:stream";
import { EventChannel, type EventStreamSource } from "argania/sse";
import { onTestFinished } from "vitest";

/** A source that tells what becomes of it. */
export interface Watched {
  readonly source: () => EventStreamSource;
  /** How often it was let go. */
  readonly released: () => number;
  /** Whether it was begun. */
  readonly begun: () => boolean;
}

export async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) {
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
  }
}

/** Sources that send one event and then nothing for ever. */
export const watched: Record<string, () => Watched> = {
  "a generator between events": () => {
    let [begun, released] = [false, 0];
    let proceed = (): void => {};
    async function* source() {
      begun = true;
      try {
        yield { data: "x" };
        await new Promise<void>((resolve) => {
          proceed = resolve;
        });
      } finally {
        released++;
      }
    }
    // It waits for something that comes in the end.
    const timer = setInterval(() => proceed(), 20);
    onTestFinished(() => clearInterval(timer));
    return { source, released: () => released, begun: () => begun };
  },
  "an iterator that waits for ever": () => {
    let [begun, released] = [false, 0];
    const iterator = {
      [Symbol.asyncIterator]: () => iterator,
      next: async () => {
        if (begun) {
          await new Promise(() => {});
        }
        begun = true;
        return { done: false as const, value: { data: "x" } };
      },
      return: async () => {
        released++;
        return { done: true as const, value: undefined };
      },
    };
    return { source: () => iterator, released: () => released, begun: () => begun };
  },
  "a web stream": () => {
    let [begun, released] = [false, 0];
    const source = () =>
      new ReadableStream(
        {
          pull(controller) {
            if (begun) {
              return new Promise<void>(() => {});
            }
            begun = true;
            controller.enqueue({ data: "x" });
          },
          cancel() {
            released++;
          },
        },
        { highWaterMark: 0 },
      );
    return { source, released: () => released, begun: () => begun };
  },
  "a stream of Node": () => {
    let [begun, released] = [false, 0];
    const source = () =>
      new Readable({
        objectMode: true,
        highWaterMark: 1,
        read() {
          if (!begun) {
            begun = true;
            this.push({ data: "x" });
          }
        },
        destroy(error, done) {
          released++;
          done(error);
        },
      });
    return { source, released: () => released, begun: () => begun };
  },
  "events.on": () => {
    const emitter = new EventEmitter();
    let begun = false;
    const source = () => {
      const events = on(emitter, "event") as AsyncIterable<{ data: string }[]>;
      emitter.emit("event", { data: "x" });
      begun = true;
      return events;
    };
    return {
      source,
      released: () =>
        begun && emitter.listenerCount("event") + emitter.listenerCount("error") === 0 ? 1 : 0,
      begun: () => begun,
    };
  },
  "a callback": () => {
    let [begun, released] = [false, 0];
    const source = (): EventStreamSource => {
      return ({ send }) => {
        begun = true;
        send({ data: "x" });
        return () => released++;
      };
    };
    return { source, released: () => released, begun: () => begun };
  },
  "a callback that waits for its signal": () => {
    let [begun, released] = [false, 0];
    const source = (): EventStreamSource => {
      return async ({ send, signal }) => {
        begun = true;
        try {
          await send({ data: "x" });
          await aborted(signal);
        } finally {
          released++;
        }
      };
    };
    return { source, released: () => released, begun: () => begun };
  },
  "a callback that gives a generator": () => {
    let [begun, released] = [false, 0];
    const source = (): EventStreamSource =>
      async function* ({ signal }) {
        begun = true;
        try {
          yield { data: "x" };
          await aborted(signal);
        } finally {
          released++;
        }
      };
    return { source, released: () => released, begun: () => begun };
  },
  "a channel": () => {
    const channel = new EventChannel();
    let begun = false;
    const source = () => {
      begun = true;
      return channel.subscribe({ first: { data: "x" } });
    };
    return { source, released: () => (begun && channel.size === 0 ? 1 : 0), begun: () => begun };
  },
};
