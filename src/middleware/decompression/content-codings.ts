import { builtinModule } from "../../common/builtin-module.ts";
import { type EndWatch, NodeDecodedChunks, type NodeDecoder } from "./node-decoded-chunks.ts";
import { webDecodedChunks } from "./web-decoded-chunks.ts";
import { ZstdFrames } from "./zstd-frames.ts";

/** A way of compressing a body (RFC 9110 §8.4.1; zstd: RFC 8878). */
export type ContentCoding = "gzip" | "deflate" | "br" | "zstd";

/** In the order in which clients are told of them. */
export const CONTENT_CODINGS: readonly ContentCoding[] = ["gzip", "deflate", "br", "zstd"];

/** Makes decoded chunks of encoded ones. */
export type Decode = (chunks: AsyncIterableIterator<Uint8Array>) => AsyncIterableIterator<Uint8Array>;

/** As much of `node:zlib` as is used here. Node has zstd from 22.15 and 23.8 on. */
interface ZlibModule {
  createGunzip(): NodeDecoder;
  createInflate(): NodeDecoder;
  createBrotliDecompress(): NodeDecoder;
  createZstdDecompress?(options: { readonly params: Readonly<Record<number, number>> }): NodeDecoder;
  readonly constants: { readonly ZSTD_d_windowLogMax?: number };
}

/**
 * RFC 9659 §3: a body in zstd needs no window beyond 8 MiB. The library itself would take up to 128 MiB of memory for
 * one that claims to.
 */
const MOST_WINDOW_LOG = 23;

/** The decoders that this runtime has. */
export function availableDecoders(): ReadonlyMap<ContentCoding, Decode> {
  const zlib = builtinModule<ZlibModule>("node:zlib");
  return zlib === undefined ? webDecoders() : nodeDecoders(zlib);
}

function nodeDecoders(zlib: ZlibModule): ReadonlyMap<ContentCoding, Decode> {
  const decoders = new Map<ContentCoding, Decode>();
  const add = (coding: ContentCoding, create: () => NodeDecoder, watch?: () => EndWatch) =>
    decoders.set(coding, (chunks) => new NodeDecodedChunks(chunks, create(), coding, watch?.()));
  add("gzip", () => zlib.createGunzip());
  // RFC 9110 §8.4.1.2: in spite of its name the format of zlib, not bare deflate.
  add("deflate", () => zlib.createInflate());
  add("br", () => zlib.createBrotliDecompress());
  const { createZstdDecompress, constants } = zlib;
  if (createZstdDecompress !== undefined && constants.ZSTD_d_windowLogMax !== undefined) {
    const params = { [constants.ZSTD_d_windowLogMax]: MOST_WINDOW_LOG };
    const watch = () => new ZstdFrames();
    add("zstd", () => createZstdDecompress({ params }), watch);
  }
  return decoders;
}

function webDecoders(): ReadonlyMap<ContentCoding, Decode> {
  return new Map<ContentCoding, Decode>([
    ["gzip", (chunks) => webDecodedChunks(chunks, "gzip")],
    ["deflate", (chunks) => webDecodedChunks(chunks, "deflate")],
  ]);
}

/** The codings of a `Content-Encoding` in the order in which they were applied; `identity` is none. */
export function parseContentEncoding(header: string): readonly string[] {
  return (
    header
      .toLowerCase()
      .split(",")
      .map((coding) => coding.trim())
      .filter((coding) => coding !== "" && coding !== "identity")
      // RFC 9110 §8.4.1.3: they are the same.
      .map((coding) => (coding === "x-gzip" ? "gzip" : coding))
  );
}
