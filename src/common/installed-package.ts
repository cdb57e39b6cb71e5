import type { ArganiaError } from "./argania-error.ts";
import { builtinModule } from "./builtin-module.ts";

interface Require {
  (name: string): unknown;
  resolve(name: string): string;
}

/** The parts of `node:module` and `node:url` that are used. */
export interface ModuleModule {
  createRequire(pathOrUrl: string): Require;
}

interface UrlModule {
  fileURLToPath(url: string): string;
}

/**
 * Throws what `missing` makes where an optional peer is not installed: the error of a static import would not say what to
 * install. It says nothing in a bundle, which may have the package in it, nor where there is no `node:module`.
 */
export function assertInstalled(name: string, missing: (cause: unknown) => ArganiaError): void {
  const here = typeof __filename === "string" ? __filename : import.meta.url;
  const modules = builtinModule<ModuleModule>("node:module");
  if (modules === undefined || here === undefined) {
    return;
  }
  try {
    modules.createRequire(here).resolve(name);
  } catch (cause) {
    if (isMissing(cause) && isInstalled(here, modules.createRequire)) {
      throw missing(cause);
    }
  }
}

/** Whether an error of `require` or `import()` says that there is no such package, and not that something is wrong with it. */
export function isMissing(cause: unknown): boolean {
  const code = (cause as { code?: unknown } | null)?.code;
  return code === "MODULE_NOT_FOUND" || code === "ERR_MODULE_NOT_FOUND";
}

/** Whether the file `here` is one of the package `argania`, and not a bundle, which may have others in it. */
export function isInstalled(here: string, createRequire: ModuleModule["createRequire"]): boolean {
  try {
    const own = createRequire(here).resolve("argania/package.json").slice(0, -"package.json".length);
    const path = here.startsWith("file:") ? builtinModule<UrlModule>("node:url")?.fileURLToPath(here) : here;
    return path?.startsWith(own) === true;
  } catch {
    return false;
  }
}
