import { preloadJose } from "./load-jose.ts";

export {
  InsufficientScopeError,
  KeysUnavailableError,
  MalformedCredentialsError,
  UnauthorizedError,
} from "../auth/auth-errors.ts";
export type { Verdict } from "../auth/principal-gate.ts";
export type { ScopesOf } from "../auth/scopes.ts";
export type { JwtAlgorithm } from "./algorithms.ts";
export { JwtAuthLayer } from "./jwt-auth-layer.ts";
export type { JwtKey, PlatformKey, PublicJwk } from "./jwt-keys.ts";
export type { JwtAuthOptions, JwtClaims } from "./jwt-options.ts";
export { JwtPackageError } from "./jwt-package-error.ts";
export type { KeySourceOptions } from "./key-source.ts";

preloadJose();
