import { builtinModule } from "../common/builtin-module.ts";
import { bindWith } from "../common/request-binding.ts";
import type { RequestContext } from "../request/request-context.ts";
import { ServiceOptionError } from "./service-options.ts";

/** A request on its way to its answer; its context is there once it is known where it leads. */
export interface CurrentRequest {
  readonly context?: RequestContext | undefined;
}

/** The parts of an `AsyncLocalStorage` that are used. */
interface ContextStorage {
  run<Values extends readonly unknown[], R>(
    request: CurrentRequest,
    run: (...values: Values) => R,
    ...values: Values
  ): R;
  getStore(): CurrentRequest | undefined;
}

interface AsyncHooks {
  readonly AsyncLocalStorage: {
    new (): ContextStorage;
    /** Where a runtime has it: takes everybody's stores along, as of a tool for monitoring. */
    bind?<Run extends (...values: never[]) => unknown>(run: Run): Run;
    snapshot?(): <R>(run: () => R) => R;
  };
}

/** One for all services: whoever asks knows of none. */
let storage: ContextStorage | undefined;
/** Runs what belongs to no request. */
let runOutside: (<R>(run: () => R) => R) | undefined;

/**
 * The request that the code at hand works for, wherever it is: in a function that a handler calls, behind an `await`, in
 * a timer, in the generator of a response. `undefined` outside of requests, before it is known where one leads (in functions
 * of `trustedProxies`), and unless the service was made with
 * `intoService({ asyncContext: true })`.
 *
 * @example
 * ```ts
 * const service = root.intoService({ asyncContext: true });
 * function audit(what: string): void {
 *   console.log(currentContext()?.path, what);
 * }
 * ```
 * Source: Node's `AsyncLocalStorage`.
 */
export function currentContext(): RequestContext | undefined {
  return storage?.getStore()?.context;
}

/** Where a service keeps the request at hand. It is entered before routing, so that what begins there belongs to it. */
export type ContextScope = Pick<ContextStorage, "run">;

/** Throws a `ServiceOptionError` (`ARGANIA_SERVICE_OPTION`) where the runtime has no `AsyncLocalStorage`. */
export function contextScope(): ContextScope {
  if (storage === undefined) {
    const hooks = builtinModule<AsyncHooks>("node:async_hooks");
    if (hooks === undefined) {
      throw new ServiceOptionError("asyncContext needs AsyncLocalStorage, which this runtime does not have.");
    }
    const { AsyncLocalStorage } = hooks;
    storage = new AsyncLocalStorage();
    runOutside = AsyncLocalStorage.snapshot?.();
    bindWith((run) => AsyncLocalStorage.bind?.(run) ?? run);
  }
  return storage;
}

/** Makes what requests share, such as a timer, which must not keep the context of the one that came first. */
export function outsideOfRequests<R>(make: () => R): R {
  return runOutside === undefined ? make() : runOutside(make);
}
