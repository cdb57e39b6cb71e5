export type { ContentCoding } from "./decompression/content-codings.ts";
export {
  RequestDecompressionLayer,
  type RequestDecompressionOptions,
} from "./request-decompression-layer.ts";
