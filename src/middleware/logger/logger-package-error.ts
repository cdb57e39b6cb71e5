import { ArganiaError } from "../../common/argania-error.ts";

/** The package `pino`, which `createLogger` needs, is missing. */
export class LoggerPackageError extends ArganiaError {
  readonly code = "ARGANIA_LOGGER_PACKAGE";
}
