export type { EncodingOption } from "../data/compression/encodings.ts";
export { type CompressionFilter, CompressionLayer, type CompressionOptions } from "./compression-layer.ts";
export { ConditionalRequestsLayer, type ConditionalRequestsOptions } from "./conditional-requests-layer.ts";
export type { ContentCoding } from "./decompression/content-codings.ts";
export { ForbiddenAddressError, IpFilterLayer, type IpFilterOptions } from "./ip-filter-layer.ts";
export { RemoteIpLayer, type RemoteIpOptions, type RemoteIpProvider } from "./remote-ip-layer.ts";
export {
  RequestDecompressionLayer,
  type RequestDecompressionOptions,
} from "./request-decompression-layer.ts";
export { requestId, requestIdKey } from "./request-id.ts";
export { RequestIdLayer, type RequestIdOptions } from "./request-id-layer.ts";
