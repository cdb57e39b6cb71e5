import requirePino from "#pino";
import { builtinModule } from "../../common/builtin-module.ts";
import { isMissing, type ModuleModule } from "../../common/installed-package.ts";
import { LoggerPackageError } from "./logger-package-error.ts";

type Pino = ReturnType<typeof requirePino>;

/**
 * The package pino. Throws a `LoggerPackageError` (`ARGANIA_LOGGER_PACKAGE`) when it is missing: only `createLogger` needs
 * it, and not who has a logger of his own.
 */
export function loadPino(): Pino {
  try {
    return foundPino();
  } catch (cause) {
    throw isMissing(cause)
      ? new LoggerPackageError(
          "createLogger of argania/logger needs the package pino, which is not installed. Run: npm install pino",
          { cause },
        )
      : cause;
  }
}

function foundPino(): Pino {
  try {
    return requirePino();
  } catch (error) {
    // A bundle of ES modules that has left pino out has no `require`, unless it makes itself one.
    const modules = isMissing(error) ? undefined : builtinModule<ModuleModule>("node:module");
    if (modules === undefined) {
      throw error;
    }
    const here = typeof __filename === "string" ? __filename : import.meta.url;
    return modules.createRequire(here)("pino") as Pino;
  }
}
