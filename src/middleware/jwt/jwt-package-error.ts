import { ArganiaError } from "../../common/argania-error.ts";

/** The package `jose`, which JWTs need, is missing. */
export class JwtPackageError extends ArganiaError {
  readonly code = "ARGANIA_JWT_PACKAGE";
}
