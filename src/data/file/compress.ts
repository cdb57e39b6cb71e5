import { Readable, type Transform } from "node:stream";
import * as zlib from "node:zlib";
import type { ContentCoding } from "./content-coding.ts";

/** What is to be compressed, and how it is let go of when nobody reads it. */
export interface Compressible extends AsyncIterable<Uint8Array> {
  [Symbol.asyncIterator](): AsyncIterator<Uint8Array, undefined>;
}

/** As fast as is usual for what is compressed anew for each request. */
const DEFAULT_LEVELS: Readonly<Record<ContentCoding, number>> = { gzip: 6, br: 4, zstd: 3 };
const HIGHEST_LEVELS: Readonly<Record<ContentCoding, number>> = { gzip: 9, br: 11, zstd: 19 };

const CHUNK = 64 * 1024;
/** 256 KiB: the default of 4 MiB, for each download, would be what an attacker is looking for. */
const BROTLI_WINDOW_BITS = 18;

/** Not in the types of Node 20, nor in Node 20. */
interface ZstdModule {
  readonly createZstdCompress?: (options: { chunkSize: number; params: Record<number, number> }) => Transform;
  readonly constants: { readonly ZSTD_c_compressionLevel?: number; readonly ZSTD_c_windowLog?: number };
}

const { createZstdCompress, constants: zstd } = zlib as unknown as ZstdModule;
const ZSTD_WINDOW_BITS = 18;

/** Each encoder holds up to two megabytes as long as its client takes to download. */
const MOST_AT_ONCE = 32;
let active = 0;

/** Whether there is room for one more; otherwise a file goes out as it is, which costs nothing. */
export function hasFreeEncoder(): boolean {
  return active < MOST_AT_ONCE;
}

/** Whether this Node can compress so: zstd came with Node 22.15. */
export function canCompress(coding: ContentCoding): boolean {
  return coding !== "zstd" || createZstdCompress !== undefined;
}

/** Throws a `RangeError` for a level that the coding does not have. */
export function assertLevel(coding: ContentCoding, level: unknown): void {
  const highest = HIGHEST_LEVELS[coding];
  const lowest = coding === "br" ? 0 : 1;
  if (!Number.isInteger(level) || Number(level) < lowest || Number(level) > highest) {
    throw new RangeError(
      `Invalid level ${String(level)} for ${coding}: an integer from ${lowest} (fastest) to ${highest} (smallest).`,
    );
  }
}

/** Compresses while it is read. Nothing is begun before, and whatever is going on ends when the reader goes away. */
export function compressed(
  source: Compressible,
  coding: ContentCoding,
  level: number = DEFAULT_LEVELS[coding],
): Compressible {
  return { [Symbol.asyncIterator]: () => new CompressingReader(source, () => encoder(coding, level)) };
}

class CompressingReader implements AsyncIterator<Uint8Array, undefined> {
  readonly #source: Compressible;
  readonly #makeEncoder: () => Transform;
  #encoder: Transform | null = null;
  #output: AsyncIterator<Uint8Array, undefined> | null = null;

  constructor(source: Compressible, makeEncoder: () => Transform) {
    this.#source = source;
    this.#makeEncoder = makeEncoder;
  }

  next(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.#output ??= this.#begin();
    return this.#output.next();
  }

  async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    // A reader that waits for its next chunk would let `return` wait, too.
    this.#encoder?.destroy();
    const reader = this.#output ?? this.#source[Symbol.asyncIterator]();
    await reader.return?.(undefined);
    return { done: true, value: undefined };
  }

  #begin(): AsyncIterator<Uint8Array, undefined> {
    const encoder = this.#makeEncoder();
    this.#encoder = encoder;
    const input = Readable.from(this.#source, { objectMode: false, highWaterMark: CHUNK });
    // An error at one end reaches the other: whoever reads hears of a failed file, and the file of a gone reader.
    input.once("error", (error) => encoder.destroy(error));
    active++;
    encoder.once("close", () => {
      active--;
      input.destroy();
    });
    return input.pipe(encoder)[Symbol.asyncIterator]() as AsyncIterator<Uint8Array, undefined>;
  }
}

function encoder(coding: ContentCoding, level: number): Transform {
  switch (coding) {
    case "gzip":
      return zlib.createGzip({ level, chunkSize: CHUNK });
    case "br":
      return zlib.createBrotliCompress({
        chunkSize: CHUNK,
        params: {
          [zlib.constants.BROTLI_PARAM_QUALITY]: level,
          [zlib.constants.BROTLI_PARAM_LGWIN]: BROTLI_WINDOW_BITS,
        },
      });
    default:
      return (createZstdCompress as NonNullable<typeof createZstdCompress>)({
        chunkSize: CHUNK,
        params: {
          [zstd.ZSTD_c_compressionLevel as number]: level,
          [zstd.ZSTD_c_windowLog as number]: ZSTD_WINDOW_BITS,
        },
      });
  }
}
