export type { ContentCoding } from "./decompression/content-codings.ts";
export { type RequestDecompressionOptions, RequestDecompressionLayer } from "./request-decompression-layer.ts";
