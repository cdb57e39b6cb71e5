import { iteratorOf } from "../../common/iterator-of.ts";
import { awaitsFirstChunk } from "../../response/begun-body.ts";
import { toBytes } from "../../response/body-stream.ts";
import { LightResponse } from "../../response/light-response.ts";
import { isBodiless } from "../../response/status-code.ts";
import { TrailingBody } from "../../response/trailing-body.ts";

type Chunk = Uint8Array | string;

/** Told once: when the first chunk is there, or that there will be none for this error. */
type Tell = (failure: { readonly error: unknown } | null) => Promise<void>;

/**
 * Has `tell` wait for the first chunk of a body, where the head waits for it: a source that fails before it is
 * another response. `false` where the response stands already.
 */
export function tellAtFirstChunk(response: LightResponse, method: string, tell: Tell): boolean {
  if (method === "HEAD" || isBodiless(response.status) || !awaitsFirstChunk(response)) {
    return false;
  }
  const told = (chunks: AsyncIterable<Chunk>): AsyncIterable<Chunk> => ({
    [Symbol.asyncIterator]: () => new ToldChunks(iteratorOf(chunks), tell),
  });
  const body = response.takePayload() as AsyncIterable<Chunk>;
  LightResponse.refill(response, body instanceof TrailingBody ? body.over(told) : told(body));
  return true;
}

/** What files have besides: memory that is used again. */
interface RecyclingIterator extends AsyncIterator<Chunk> {
  recycle?(chunk: Uint8Array): void;
}

class ToldChunks implements AsyncIterator<Chunk> {
  readonly #chunks: RecyclingIterator;
  #tell: Tell | null;

  constructor(chunks: RecyclingIterator, tell: Tell) {
    this.#chunks = chunks;
    this.#tell = tell;
  }

  next(): Promise<IteratorResult<Chunk>> {
    return this.#tell === null ? this.#chunks.next() : this.#first();
  }

  /** Also before there was a chunk, when the client goes away: that is told now, since no chunk may ever come. */
  async return(reason?: unknown): Promise<IteratorResult<Chunk>> {
    const returned = this.#chunks.return?.(reason);
    await this.#told(null);
    return (await returned) ?? { done: true, value: undefined };
  }

  recycle(chunk: Uint8Array): void {
    this.#chunks.recycle?.(chunk);
  }

  async #first(): Promise<IteratorResult<Chunk>> {
    let first: IteratorResult<Chunk>;
    try {
      const { done, value } = await this.#chunks.next();
      first = done === true ? { done, value } : { value: toBytes(value) };
    } catch (error) {
      await this.#told({ error });
      throw error;
    }
    await this.#told(null);
    return first;
  }

  async #told(failure: { readonly error: unknown } | null): Promise<void> {
    const tell = this.#tell;
    this.#tell = null;
    await tell?.(failure);
  }
}
