export { ConditionalRequestsLayer, type ConditionalRequestsOptions } from "./conditional-requests-layer.ts";
export type { ContentCoding } from "./decompression/content-codings.ts";
export {
  RequestDecompressionLayer,
  type RequestDecompressionOptions,
} from "./request-decompression-layer.ts";
export { requestId, requestIdKey } from "./request-id.ts";
export { RequestIdLayer, type RequestIdOptions } from "./request-id-layer.ts";
