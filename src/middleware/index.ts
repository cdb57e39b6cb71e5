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
export { ConditionalRequestsLayer, type ConditionalRequestsOptions } from "./conditional-requests-layer.ts";
export type { ContentCoding } from "./decompression/content-codings.ts";
export {
  RequestDecompressionLayer,
  type RequestDecompressionOptions,
} from "./request-decompression-layer.ts";
export { requestId, requestIdKey } from "./request-id.ts";
export { RequestIdLayer, type RequestIdOptions } from "./request-id-layer.ts";
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
export type { SessionOptions, WithSchema, WithStore } from "./session/session-settings.ts";
export type { SaveOptions, SessionStore } from "./session/session-store.ts";
export { SessionLayer } from "./session-layer.ts";
