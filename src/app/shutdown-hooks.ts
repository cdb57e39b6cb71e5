import { builtinModule } from "../common/builtin-module.ts";
import type { AppScope } from "./app-scope.ts";

/** An `onShutdown` that has been called. */
interface HookCall {
  readonly scope: AppScope;
  isOver: boolean;
}

/** The parts of an `AsyncLocalStorage` that are used. */
interface CallStorage {
  run<R>(call: HookCall, run: () => R): R;
  getStore(): HookCall | undefined;
}

interface AsyncHooks {
  readonly AsyncLocalStorage: new () => CallStorage;
}

/** Made when the first app shuts down: before, it would cost time for each promise on Node before 24. */
let storage: CallStorage | undefined;

/** Runs an `onShutdown`, so that `isInShutdownHook` knows of it where the runtime has an `AsyncLocalStorage`. */
export async function asShutdownHook<T>(scope: AppScope, run: () => Promise<T>): Promise<T> {
  const hooks = builtinModule<AsyncHooks>("node:async_hooks");
  if (storage === undefined && hooks !== undefined) {
    storage = new hooks.AsyncLocalStorage();
  }
  const call: HookCall = { scope, isOver: false };
  try {
    return await (storage === undefined ? run() : storage.run(call, run));
  } finally {
    call.isOver = true;
  }
}

/** Whether the code at hand is called by an `onShutdown` of this app that is under way. */
export function isInShutdownHook(scope: AppScope): boolean {
  const call = storage?.getStore();
  return call !== undefined && call.scope === scope && !call.isOver;
}
