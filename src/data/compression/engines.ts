import { builtinModule } from "../../common/builtin-module.ts";
import type { ContentCoding } from "./content-coding.ts";

/** A compressing stream of `node:zlib`, as far as it is used here. */
export interface NodeEncoder extends AsyncIterable<Uint8Array> {
  readonly destroyed: boolean;
  readonly writableNeedDrain: boolean;
  write(chunk: Uint8Array): boolean;
  flush(kind: number): void;
  end(): unknown;
  destroy(error?: unknown): unknown;
  on(event: "error", listener: () => void): unknown;
  once(event: "drain" | "close", listener: () => void): unknown;
  off(event: "drain" | "close", listener: () => void): unknown;
}

type Content = string | Uint8Array;
type Callback = (error: Error | null, encoded: Uint8Array) => void;
type Options = Readonly<Record<string, unknown>>;

/** What `node:zlib` has for one coding. */
export interface Engine {
  /**
   * @param level how much work it may be
   * @param chunkSize how many bytes of output there is memory for at a time
   */
  options(level: number, chunkSize?: number): Options;
  stream(options: Options): NodeEncoder;
  encodeNow(content: Content, options: Options): Uint8Array;
  encodeLater(content: Content, options: Options, callback: Callback): void;
  /** Has all that went in come out, without forgetting it. */
  readonly flush: number;
}

/** As much of `node:zlib` as is used here. Node has zstd from 22.15 and 23.8 on. */
interface ZlibModule {
  createGzip(options: Options): NodeEncoder;
  gzipSync(content: Content, options: Options): Uint8Array;
  gzip(content: Content, options: Options, callback: Callback): void;
  createBrotliCompress(options: Options): NodeEncoder;
  brotliCompressSync(content: Content, options: Options): Uint8Array;
  brotliCompress(content: Content, options: Options, callback: Callback): void;
  createZstdCompress?(options: Options): NodeEncoder;
  zstdCompressSync?(content: Content, options: Options): Uint8Array;
  zstdCompress?(content: Content, options: Options, callback: Callback): void;
  readonly constants: Readonly<Record<string, number>>;
}

const CHUNK = 64 * 1024;
/** 256 KiB: brotli's default of 4 MiB, for each response, would be what an attacker is looking for. */
const WINDOW_BITS = 18;

let engines: ReadonlyMap<ContentCoding, Engine> | null | undefined;

/** The engines of this runtime, asked for when the first one is needed; `null` where there is no `node:zlib`. */
export function nodeEngines(): ReadonlyMap<ContentCoding, Engine> | null {
  if (engines === undefined) {
    const zlib = builtinModule<ZlibModule>("node:zlib");
    engines = zlib === undefined ? null : enginesOf(zlib);
  }
  return engines;
}

function enginesOf(zlib: ZlibModule): ReadonlyMap<ContentCoding, Engine> {
  const { constants } = zlib;
  const constant = (name: string) => constants[name] as number;
  const made = new Map<ContentCoding, Engine>();
  made.set("gzip", {
    options: (level, chunkSize = CHUNK) => ({ level, chunkSize }),
    stream: (options) => zlib.createGzip(options),
    encodeNow: (content, options) => zlib.gzipSync(content, options),
    encodeLater: (content, options, callback) => zlib.gzip(content, options, callback),
    flush: constant("Z_SYNC_FLUSH"),
  });
  made.set("br", {
    options: (level, chunkSize = CHUNK) => ({
      chunkSize,
      params: { [constant("BROTLI_PARAM_QUALITY")]: level, [constant("BROTLI_PARAM_LGWIN")]: WINDOW_BITS },
    }),
    stream: (options) => zlib.createBrotliCompress(options),
    encodeNow: (content, options) => zlib.brotliCompressSync(content, options),
    encodeLater: (content, options, callback) => zlib.brotliCompress(content, options, callback),
    flush: constant("BROTLI_OPERATION_FLUSH"),
  });
  const { createZstdCompress, zstdCompressSync, zstdCompress } = zlib;
  if (createZstdCompress !== undefined && zstdCompressSync !== undefined && zstdCompress !== undefined) {
    made.set("zstd", {
      options: (level, chunkSize = CHUNK) => ({
        chunkSize,
        params: { [constant("ZSTD_c_compressionLevel")]: level, [constant("ZSTD_c_windowLog")]: WINDOW_BITS },
      }),
      stream: createZstdCompress,
      encodeNow: zstdCompressSync,
      encodeLater: zstdCompress,
      flush: constant("ZSTD_e_flush"),
    });
  }
  return made;
}
