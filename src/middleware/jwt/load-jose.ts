import type * as joseModule from "jose";
import { assertInstalled, isMissing } from "../../common/installed-package.ts";
import type { MaybePromise } from "../../common/maybe-promise.ts";
import { JwtPackageError } from "./jwt-package-error.ts";

export type Jose = typeof joseModule;

let loading: MaybePromise<Jose> | undefined;

/**
 * The package jose: at once, when it is loaded. Rejects with a `JwtPackageError` (`ARGANIA_JWT_PACKAGE`) when it is missing.
 *
 * Not a static import, whose error would not say what to install. The literal `import()` is what all bundlers follow.
 */
export function loadJose(): MaybePromise<Jose> {
  loading ??= importJose();
  return loading;
}

/**
 * To be called when the program starts: whoever forgot to install it learns of it then, not at the first token. Throws where
 * Node can tell at once; elsewhere the rejection that nobody handles says so.
 */
export function preloadJose(): void {
  assertInstalled("jose", missingPackage);
  loadJose();
}

async function importJose(): Promise<Jose> {
  try {
    const jose = await import("jose");
    loading = jose;
    return jose;
  } catch (cause) {
    // Runtimes without Node's codes say nothing that could be told apart.
    const hasCode = (cause as { code?: unknown } | null)?.code !== undefined;
    throw hasCode && !isMissing(cause) ? cause : missingPackage(cause);
  }
}

function missingPackage(cause: unknown): JwtPackageError {
  return new JwtPackageError(
    "argania/jwt needs the package jose, which is not installed. Run: npm install jose",
    { cause },
  );
}
