import { ArganiaError } from "../../common/argania-error.ts";

/** The package `@fastify/busboy`, which multipart forms need, is missing. */
export class MultipartPackageError extends ArganiaError {
  readonly code = "ARGANIA_MULTIPART_PACKAGE";
}
