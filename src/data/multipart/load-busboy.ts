import { builtinModule } from "../../common/builtin-module.ts";
import { isInstalled, isMissing, type ModuleModule } from "../../common/installed-package.ts";
import { isPromiseLike, type MaybePromise } from "../../common/maybe-promise.ts";
import type { DicerClass } from "./dicer.ts";
import { MultipartPackageError } from "./multipart-package-error.ts";

/** What of @fastify/busboy is used. */
export interface BusboyModule {
  readonly Dicer: DicerClass;
}

let loading: MaybePromise<BusboyModule> | undefined;

/**
 * The package @fastify/busboy: at once, unless only an `import()` finds it. Throws a `MultipartPackageError`
 * (`ARGANIA_MULTIPART_PACKAGE`) when it is missing, or rejects with it.
 *
 * The error of a static import would not say what to install. But the `require` that an ES module makes for itself is
 * nothing that bundlers follow, nor anything that Workers have: there it is the `import()` that counts.
 */
export function loadBusboy(): MaybePromise<BusboyModule> {
  loading ??= requireBusboy() ?? importBusboy();
  return loading;
}

/** To be called when the program starts: whoever forgot to install it learns of it then, not at the first form. */
export function preloadBusboy(): void {
  const busboy = loadBusboy();
  if (isPromiseLike(busboy)) {
    busboy.then((found) => {
      loading = found;
    });
  }
}

/** `undefined` where a `require` cannot tell. */
function requireBusboy(): BusboyModule | undefined {
  try {
    // CommonJS has it, and its bundlers put the package in the place of this call.
    return require("@fastify/busboy") as BusboyModule;
  } catch {
    const here = typeof __filename === "string" ? __filename : import.meta.url;
    const modules = builtinModule<ModuleModule>("node:module");
    return modules === undefined || here === undefined ? undefined : requireAt(here, modules);
  }
}

function requireAt(here: string, { createRequire }: ModuleModule): BusboyModule | undefined {
  try {
    return createRequire(here)("@fastify/busboy") as BusboyModule;
  } catch (cause) {
    if (isMissing(cause) && isInstalled(here, createRequire)) {
      throw missingPackage(cause);
    }
    return undefined;
  }
}

async function importBusboy(): Promise<BusboyModule> {
  try {
    const busboy = (await import("@fastify/busboy")) as unknown as Partial<BusboyModule> & {
      readonly default: BusboyModule;
    };
    // CommonJS as ES modules see it: the default alone where its names cannot be told beforehand.
    return { Dicer: busboy.Dicer ?? busboy.default.Dicer };
  } catch (cause) {
    throw missingPackage(cause);
  }
}

function missingPackage(cause: unknown): MultipartPackageError {
  return new MultipartPackageError(
    "argania/multipart needs the package @fastify/busboy, which is not installed. Run: npm install @fastify/busboy",
    { cause },
  );
}
