import type { MaybePromise } from "../common/maybe-promise.ts";
import { InitializerError, type InitializerPhase } from "./app-errors.ts";
import type { AnyInitializer } from "./initializer.ts";

/** Calls a hook, if the initializer has it; what it throws becomes the cause of an `InitializerError`. */
export async function runHook(
  initializer: AnyInitializer,
  phase: InitializerPhase,
  ...args: readonly unknown[]
): Promise<unknown> {
  const hook = initializer[phase] as ((...values: readonly unknown[]) => MaybePromise<unknown>) | undefined;
  try {
    return await hook?.apply(initializer, [...args]);
  } catch (error) {
    throw new InitializerError(initializer.name, phase, `failed${reasonOf(error)}`, { cause: error });
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error && error.message !== "" ? `: ${error.message}` : ".";
}
