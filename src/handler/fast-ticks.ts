import { builtinModule } from "../common/builtin-module.ts";

interface AsyncHooks {
  executionAsyncResource?(): object;
}

interface NodeProcess {
  readonly versions?: { readonly bun?: string; readonly deno?: string };
  readonly release?: { readonly name?: string };
  nextTick?(callback: () => void): void;
}

/** An object of Node's that stands for one call of `process.nextTick`. */
let held: object | undefined;

/**
 * Keeps `process.nextTick` fast, which `node:http` calls four to eight times for each request.
 *
 * V8 forgets the shape of its objects when a garbage collection comes while none of them waits, as one does soon after
 * the start; if it has seen but few of them by then, it makes each later one the slow way, as long as the process lives:
 * 300 ns instead of 30. One object that is never let go of keeps the shape. Decision 31 has the figures.
 */
export function keepTicksFast(): void {
  const { process } = globalThis as { readonly process?: NodeProcess };
  const isNode = process?.release?.name === "node" && !process.versions?.bun && !process.versions?.deno;
  if (held !== undefined || !isNode) {
    return;
  }
  const hooks = builtinModule<AsyncHooks>("node:async_hooks");
  held = {};
  process.nextTick?.(() => {
    held = hooks?.executionAsyncResource?.() ?? {};
  });
}

/** What is held; for tests. */
export function heldTick(): object | undefined {
  return held;
}
