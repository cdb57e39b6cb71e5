export type { EncodingOption } from "../data/compression/encodings.ts";
export {
  InsufficientScopeError,
  KeysUnavailableError,
  MalformedCredentialsError,
  UnauthorizedError,
} from "./auth/auth-errors.ts";
export type { Verdict } from "./auth/principal-gate.ts";
export type { ScopesOf } from "./auth/scopes.ts";
export {
  BasicAuthLayer,
  type BasicAuthOptions,
  type ListedBasicOptions,
  type VerifiedBasicOptions,
} from "./basic-auth-layer.ts";
export {
  BearerAuthLayer,
  type BearerAuthOptions,
  type ListedBearerOptions,
  type VerifiedBearerOptions,
} from "./bearer-auth-layer.ts";
export { type CompressionFilter, CompressionLayer, type CompressionOptions } from "./compression-layer.ts";
export type { ConditionalRequestsOptions } from "./conditional/conditional-options.ts";
export type { CurrentVersion, ReadVersion, VersionHeaders } from "./conditional/current-version.ts";
export { ConditionalRequestsLayer } from "./conditional-requests-layer.ts";
export type { CorsOptions } from "./cors/cors-options.ts";
export { CorsLayer } from "./cors-layer.ts";
export { CsrfError, CsrfLayer, type CsrfOptions } from "./csrf-layer.ts";
export type { ContentCoding } from "./decompression/content-codings.ts";
export { ForbiddenAddressError, IpFilterLayer, type IpFilterOptions } from "./ip-filter-layer.ts";
export type { AllowedOrigins, OriginDecision, OriginPattern } from "./origins/compile-origins.ts";
export { RemoteIpLayer, type RemoteIpOptions, type RemoteIpProvider } from "./remote-ip-layer.ts";
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
export {
  type CookieSession,
  defineSession,
  type Jsonable,
  type JsonableMembers,
  type SessionDefinition,
  type StoredSession,
} from "./session/define-session.ts";
export { MemorySessionStore, type MemorySessionStoreOptions } from "./session/memory-session-store.ts";
export type { Session } from "./session/session.ts";
export { SessionError } from "./session/session-error.ts";
export type {
  SessionOptions,
  SessionStoreChoice,
  WithSchema,
  WithStore,
} from "./session/session-settings.ts";
export type { SaveOptions, SessionStore } from "./session/session-store.ts";
export { SessionLayer } from "./session-layer.ts";
export { TimeoutLayer, type TimeoutOptions } from "./timeout-layer.ts";
