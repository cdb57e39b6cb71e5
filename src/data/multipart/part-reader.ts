import { withoutStack } from "../../common/argania-error.ts";
import type { BodyCollector } from "../../request/body-collector.ts";
import type { ChunkSink } from "../../request/node-chunks.ts";
import { BodyMemoryError } from "../body-errors.ts";
import type { PartBody } from "./part-body.ts";

/** The body of a part that ends its form when it is longer than it may be. */
export class LimitedBody {
  readonly #body: PartBody;
  readonly #limit: number;
  readonly #refuse: () => void;
  #length = 0;
  #sink: ChunkSink | null = null;
  #ahead: Uint8Array | null = null;
  #left: (() => Error) | null = null;

  /** @param refuse fails the body, and the form with it */
  constructor(body: PartBody, limit: number, refuse: () => void) {
    this.#body = body;
    this.#limit = limit;
    this.#refuse = refuse;
  }

  /** Whether it has no byte at all. */
  isEmpty(): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.#take({
        add: (chunk) => {
          this.#body.pause();
          this.#ahead = chunk;
          resolve(false);
        },
        end: () => resolve(true),
        fail: reject,
      });
    });
  }

  /** Hands its bytes to a sink, which can pause. */
  take(sink: ChunkSink): void {
    if (this.#left !== null) {
      sink.fail(this.#left());
      return;
    }
    this.#sink = sink;
    const ahead = this.#ahead;
    this.#ahead = null;
    if (ahead !== null) {
      sink.add(ahead);
    }
    this.#take(sink);
  }

  pause(): void {
    this.#body.pause();
  }

  resume(): void {
    this.#body.resume();
  }

  /** Throws away what has not been read. Fails with `error` for whoever reads it still, or will. */
  skip(error: () => Error): Promise<void> {
    this.#left = error;
    if (this.#body.isOver) {
      return Promise.resolve();
    }
    this.#sink?.fail(error());
    return new Promise((resolve) => {
      // What is wrong with it is wrong with its form, too, and is told there.
      this.#take({ add: () => {}, end: resolve, fail: () => resolve() });
    });
  }

  #take({ add, end, fail }: ChunkSink): void {
    this.#body.take({
      add: (chunk) => {
        this.#length += chunk.byteLength;
        if (this.#length > this.#limit) {
          this.#refuse();
        } else {
          add(chunk);
        }
      },
      end,
      fail,
    });
  }
}

/** Where what is kept in memory is counted. */
export interface CollectorSource {
  newCollector(): BodyCollector;
}

/** Reads a part: all of it, or one chunk after the other. */
export class PartReader {
  readonly #body: LimitedBody;
  readonly #memory: CollectorSource;
  readonly #ready: Uint8Array[] = [];
  #state: "unread" | "open" | "ended" = "unread";
  #failure: { readonly error: unknown } | null = null;
  #wake: () => void = () => {};

  constructor(body: LimitedBody, memory: CollectorSource) {
    this.#body = body;
    this.#memory = memory;
  }

  /** All of it, counted with all that the service keeps in memory. */
  collect(): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      const collector = this.#memory.newCollector();
      const fail = (error: unknown) => {
        collector.discard();
        reject(error);
      };
      this.#body.take({
        add: (chunk) => {
          if (collector.add(chunk) !== null) {
            fail(withoutStack(() => new BodyMemoryError()));
            this.#body.take({ add: () => {}, end: () => {}, fail: () => {} });
          }
        },
        end: () => resolve(collector.whole()),
        fail,
      });
    });
  }

  /** The next chunk, `null` at the end. For one caller at a time; nothing comes before it is asked for. */
  async read(): Promise<Uint8Array | null> {
    while (this.#ready.length === 0 && this.#failure === null && this.#state !== "ended") {
      const more = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#flow();
      await more;
    }
    if (this.#failure !== null) {
      throw this.#failure.error;
    }
    return this.#ready.shift() ?? null;
  }

  #flow(): void {
    if (this.#state === "open") {
      this.#body.resume();
      return;
    }
    this.#state = "open";
    this.#body.take({
      add: (chunk) => {
        this.#ready.push(chunk);
        this.#body.pause();
        this.#wake();
      },
      end: () => {
        this.#state = "ended";
        this.#wake();
      },
      fail: (error) => {
        this.#failure = { error };
        this.#wake();
      },
    });
  }
}
