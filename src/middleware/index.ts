export { ConditionalRequestsLayer, type ConditionalRequestsOptions } from "./conditional-requests-layer.ts";
export type { CorsOptions } from "./cors/cors-options.ts";
export { CorsLayer } from "./cors-layer.ts";
export { CsrfError, CsrfLayer, type CsrfOptions } from "./csrf-layer.ts";
export type { ContentCoding } from "./decompression/content-codings.ts";
export type { AllowedOrigins, OriginDecision, OriginPattern } from "./origins/compile-origins.ts";
export {
  RequestDecompressionLayer,
  type RequestDecompressionOptions,
} from "./request-decompression-layer.ts";
export { requestId, requestIdKey } from "./request-id.ts";
export { RequestIdLayer, type RequestIdOptions } from "./request-id-layer.ts";
export type { CspDirectives, CspSource } from "./security/csp-directives.ts";
export { cspNonce } from "./security/csp-nonce.ts";
export type { CspOptions } from "./security/csp-policy.ts";
export type { PermissionsPolicy } from "./security/permissions-policy.ts";
export type {
  SecurityHeadersOptions,
  StrictTransportSecurity,
} from "./security/security-headers-options.ts";
export { SecurityHeadersLayer } from "./security-headers-layer.ts";
export { TimeoutLayer, type TimeoutOptions } from "./timeout-layer.ts";
