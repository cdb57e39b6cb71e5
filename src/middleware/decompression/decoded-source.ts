import { withoutStack } from "../../common/argania-error.ts";
import { LightHeaders } from "../../common/light-headers.ts";
import type { MaybePromise } from "../../common/maybe-promise.ts";
import { BodyLimitError, ContentEncodingError } from "../../data/body-errors.ts";
import { BodyAlreadyReadError } from "../../request/body-already-read-error.ts";
import { collectChunks } from "../../request/read-stream.ts";
import type { ConvertBytes, RequestSource } from "../../request/request-source.ts";
import { WrappedSource } from "../../request/wrapped-source.ts";
import { bodyStreamOf } from "../../response/body-stream.ts";
import { boundedChunks, type Meter } from "./bounded-chunks.ts";
import type { Decode } from "./content-codings.ts";

/** They say how the body came, which is of no use for the one that is read. */
const ENCODED_ONLY: ReadonlySet<string> = new Set(["content-encoding", "content-length"]);

/** Thrown, and caught here, when there is more of a body than its limit can ever need. */
const TOO_LONG = /* @__PURE__ */ new Error("The encoded body is too long.");

/** A request as it is when its body has been decoded: what reads it cannot tell the difference. */
export class DecodedSource extends WrappedSource {
  readonly #decoders: readonly Decode[];
  #headers: LightHeaders | undefined = undefined;
  #body: ReadableStream<Uint8Array> | null | undefined = undefined;

  /** @param decoders in the order in which they are to be used: the coding that was applied last comes first */
  constructor(source: RequestSource, decoders: readonly Decode[]) {
    super(source);
    this.#decoders = decoders;
  }

  override get headers(): LightHeaders {
    if (this.#headers === undefined) {
      this.#headers = LightHeaders.from(this.source.headers);
      for (const name of ENCODED_ONLY) {
        this.#headers.delete(name);
      }
    }
    return this.#headers;
  }

  override header(name: string): string | undefined {
    if (this.#headers !== undefined) {
      return this.#headers.get(name) ?? undefined;
    }
    return ENCODED_ONLY.has(name) ? undefined : this.source.header(name);
  }

  /** That of Node has the encoded body: what wants one reads this source through another. */
  override get nodeRequest(): undefined {
    return undefined;
  }

  override get body(): ReadableStream<Uint8Array> | null {
    if (this.#body === undefined) {
      this.#body = this.source.body === null ? null : this.#newStream();
    }
    return this.#body;
  }

  override readBytes<T>(limit: number, convert: ConvertBytes<T>, weight?: number): MaybePromise<T> {
    this.#assertUnlocked();
    const most = mostEncoded(limit);
    if (this.#announced > most) {
      return this.source.readBytes(most, convert, weight);
    }
    const chunks = this.#decoded(
      () => most,
      () => TOO_LONG,
    );
    return collectChunks(chunks, this.newCollector(limit, weight))
      .catch((error: unknown) => {
        if (error === TOO_LONG) {
          return "too-large" as const;
        }
        throw error;
      })
      .then(convert);
  }

  override chunks(limit: number = Number.POSITIVE_INFINITY): AsyncIterableIterator<Uint8Array> {
    this.#assertUnlocked();
    return this.#announced > mostEncoded(limit) ? refused(this.source, limit) : this.#streamed(limit);
  }

  /** Opened by the first read: looking at a body, or at `context.request`, is no reading. */
  #newStream(): ReadableStream<Uint8Array> {
    let chunks: AsyncIterableIterator<Uint8Array> | undefined;
    const open = () => {
      chunks ??= this.#streamed(Number.POSITIVE_INFINITY);
      return chunks;
    };
    return bodyStreamOf({
      [Symbol.asyncIterator]: () => ({
        next: async () => open().next(),
        return: async () => (await open().return?.()) ?? { done: true, value: undefined },
      }),
    });
  }

  #assertUnlocked(): void {
    if (this.#body?.locked === true) {
      throw new BodyAlreadyReadError();
    }
  }

  /** In bytes, `NaN` where it is not told. */
  get #announced(): number {
    return Number(this.source.header("content-length"));
  }

  /**
   * Between two codings there may be no more than ten times what came, and 1 MiB: a body that is compressed twice hardly
   * shrinks again, but a bomb in a bomb makes gigabytes of work that nobody sees the result of.
   */
  #streamed(limit: number): AsyncIterableIterator<Uint8Array> {
    const most = mostEncoded(limit);
    return this.#decoded(
      (step, wire) => (step === 0 ? most : Math.min(most, 10 * wire.bytes + 2 ** 20)),
      ({ bytes }) => (bytes > most ? tooLarge(limit) : expandsTooFar()),
    );
  }

  /** @param most the encoded bytes at each step */
  #decoded(
    most: (step: number, wire: Meter) => number,
    refuse: (meter: Meter) => unknown,
  ): AsyncIterableIterator<Uint8Array> {
    const wire: Meter = { bytes: 0 };
    let chunks = this.source.chunks();
    for (const [step, decode] of this.#decoders.entries()) {
      const meter = step === 0 ? wire : { bytes: 0 };
      const bounded = boundedChunks(
        chunks,
        meter,
        () => most(step, wire),
        () => refuse(meter),
      );
      chunks = decode(bounded);
    }
    return chunks;
  }
}

/**
 * How many encoded bytes a body of `limit` bytes can come from. Stored and flushed often, a body can be longer than what it
 * says, but never this much; empty blocks could go on for ever.
 */
function mostEncoded(limit: number): number {
  return 2 * limit + 1_024;
}

/** Nothing of such a body is taken. */
async function* refused(
  source: RequestSource,
  limit: number,
): AsyncGenerator<Uint8Array, undefined, undefined> {
  yield await source.readBytes<never>(mostEncoded(limit), () => {
    throw tooLarge(limit);
  });
}

function tooLarge(limit: number): BodyLimitError {
  return withoutStack(() => new BodyLimitError(limit));
}

function expandsTooFar(): ContentEncodingError {
  return withoutStack(() => new ContentEncodingError("The body is compressed too often."));
}
