import { InitializerError } from "./app-errors.ts";
import type { AppScope } from "./app-scope.ts";
import type { AnyInitializer } from "./initializer.ts";
import { runHook } from "./run-hook.ts";
import { asShutdownHook } from "./shutdown-hooks.ts";

/**
 * Calls `onShutdown` in reverse order, one after the other. One that fails, or is not done in time, keeps no other one
 * from its turn; when the time is over, those that are left are started and not waited for.
 *
 * @param started those whose turn of `beforeRun` is over
 * @param timeMs for all of them together
 */
export async function shutDown(
  started: readonly AnyInitializer[],
  scope: AppScope,
  timeMs: number,
): Promise<InitializerError[]> {
  const errors: InitializerError[] = [];
  const end = performance.now() + timeMs;
  for (const initializer of [...started].reverse()) {
    if (initializer.onShutdown !== undefined) {
      const left = Math.max(end - performance.now(), 0);
      const done = asShutdownHook(scope, () => runHook(initializer, "onShutdown", scope));
      await withinTime(done, initializer.name, left, timeMs).catch((error: InitializerError) => {
        errors.push(error);
      });
    }
  }
  return errors;
}

async function withinTime(done: Promise<unknown>, name: string, left: number, timeMs: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const problem = `was not done when the ${timeMs} ms for all of them were over.`;
      reject(new InitializerError(name, "onShutdown", problem));
    }, left);
  });
  try {
    await Promise.race([done, late]);
  } finally {
    clearTimeout(timer);
  }
}
