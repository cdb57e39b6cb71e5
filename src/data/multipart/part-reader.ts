import { withoutStack } from "../../common/argania-error.ts";
import type { MaybePromise } from "../../common/maybe-promise.ts";
import type { BodyCollector } from "../../request/body-collector.ts";
import { BodyMemoryError } from "../body-errors.ts";
import type { PartBody } from "./part-body.ts";

/** Where what is kept in memory is counted. */
export interface CollectorSource {
  /** @param weight how many bytes one of the part counts for */
  newCollector(weight: number): BodyCollector;
}

/** What `convert` makes of all of a part, counted with all that the service keeps in memory. */
export function collectPart<T>(
  body: PartBody,
  memory: CollectorSource,
  weight: number,
  convert: (bytes: Uint8Array) => MaybePromise<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const collector = memory.newCollector(weight);
    const fail = (error: unknown) => {
      collector.discard();
      reject(error);
    };
    body.take({
      add: (chunk) => {
        if (collector.add(chunk) !== null) {
          fail(withoutStack(() => new BodyMemoryError()));
          body.discard();
        }
      },
      end: () => {
        try {
          resolve(convert(collector.whole()));
        } catch (error) {
          reject(error);
        }
      },
      fail,
    });
  });
}

/** Reads a part chunk by chunk; nothing comes before it is asked for. */
export class PartReader {
  readonly #body: PartBody;
  readonly #ready: Uint8Array[] = [];
  #isTaken = false;
  #isEnded = false;
  #failure: { readonly error: unknown } | null = null;
  #wake: () => void = () => {};

  constructor(body: PartBody) {
    this.#body = body;
  }

  /** The next chunk, `null` at the end. For one caller at a time. */
  async read(): Promise<Uint8Array | null> {
    while (this.#ready.length === 0 && this.#failure === null && !this.#isEnded) {
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
    if (this.#isTaken) {
      this.#body.resume();
      return;
    }
    this.#isTaken = true;
    this.#body.take({
      add: (chunk) => {
        this.#ready.push(chunk);
        this.#body.pause();
        this.#wake();
      },
      end: () => {
        this.#isEnded = true;
        this.#wake();
      },
      fail: (error) => {
        this.#failure = { error };
        this.#wake();
      },
    });
  }
}
