import { describeValue } from "../common/describe-value.ts";
import { toArray } from "../common/one-or-many.ts";
import type { Service } from "../handler/service.ts";
import type { ServiceOptions } from "../handler/service-options.ts";
import { _requestPasser } from "../middleware/layer-target.ts";
import type { AnyResource } from "../resource/resource.ts";
import { Router } from "../router/router.ts";
import { InitializerError } from "./app-errors.ts";
import type { AppParts } from "./app-options.ts";
import type { AppScope } from "./app-scope.ts";
import { isPlainObject } from "./config/config-tree.ts";
import type { AnyInitializer } from "./initializer.ts";
import { layersFrom } from "./middlewares.ts";
import { runHook } from "./run-hook.ts";

/** What boots: the parts of an app and what has become of them so far. */
export interface Boot {
  readonly parts: AppParts;
  readonly scope: AppScope;
  /** Those that are to run in this process. */
  readonly initializers: readonly AnyInitializer[];
  /** Grows as they run: those that have to be shut down. */
  readonly started: AnyInitializer[];
  /** Throws when the app was closed meanwhile. */
  readonly assertOpen: () => void;
}

/** `beforeRun` of each in order, and what it provides. The context is frozen afterwards. */
export async function runBefore({ scope, initializers, started, assertOpen }: Boot): Promise<void> {
  for (const initializer of initializers) {
    assertOpen();
    const provided = await runHook(initializer, "beforeRun", scope);
    // From here on it has something to close, even if what it returned is refused.
    started.push(initializer);
    provide(scope.context as Record<string, unknown>, provided, initializer);
  }
  assertOpen();
  Object.freeze(scope.context);
}

function provide(
  context: Record<string, unknown>,
  provided: unknown,
  { name, runsIn }: AnyInitializer,
): void {
  if (provided === undefined) {
    return;
  }
  const refuse = (problem: string) => new InitializerError(name, "beforeRun", problem);
  if (!isPlainObject(provided)) {
    throw refuse(`returned ${describeValue(provided)}: return { name: value } for the context, or nothing.`);
  }
  const [first] = Object.keys(provided);
  if (runsIn === "first" && first !== undefined) {
    throw refuse(`provides "${first}", which workers would not have: it runs in the first process only.`);
  }
  for (const [member, value] of Object.entries(provided)) {
    if (member === "__proto__" || Object.hasOwn(context, member)) {
      throw refuse(`provides "${member}", which the context has already.`);
    }
    context[member] = value;
  }
}

/** Router, layers of the configuration, routes, `afterRoutes` of each in order. */
export async function makeService({ parts, scope, initializers, assertOpen }: Boot): Promise<Service> {
  const router = new Router();
  if (parts.contextKey !== undefined) {
    router.setProperty(parts.contextKey.to(scope.context));
  }
  const { middlewares: section = {}, trustedProxies, bodyMemoryLimit, asyncContext } = parts.serverConfig;
  router.addLayerTo(_requestPasser(layersFrom(parts.middlewares, section, scope)));
  addRoutes(router, await parts.routes(router, scope));
  for (const initializer of initializers) {
    assertOpen();
    const returned = await runHook(initializer, "afterRoutes", router, scope);
    if (returned !== undefined && returned !== router) {
      const problem = `returned ${returned instanceof Router ? "another router" : describeValue(returned)}: change the router that it is given, and return that or nothing.`;
      throw new InitializerError(initializer.name, "afterRoutes", problem);
    }
  }
  assertOpen();
  assertHasTree(router);
  const options: ServiceOptions = {
    logger: parts.logger,
    ...(trustedProxies === undefined ? {} : { trustedProxies }),
    ...(bodyMemoryLimit === undefined ? {} : { bodyMemoryLimit }),
    ...(asyncContext === undefined ? {} : { asyncContext }),
  };
  return router.intoService(options);
}

function addRoutes(router: Router, returned: unknown): void {
  if (returned instanceof Router) {
    if (returned !== router) {
      throw new TypeError("routes of App fills the router that it is given, and returns no other one.");
    }
  } else if (returned !== undefined) {
    router.addResource(toArray(returned as AnyResource));
  }
}

/** A function with braces and no `return` is valid, and would answer everything with 404. */
function assertHasTree(router: Router): void {
  let hasTree = false;
  router.forEachRoot(() => {
    hasTree = true;
    return "stop";
  });
  if (!hasTree) {
    throw new TypeError(
      "The app has no resource. routes of App adds them, (router) => { router.addResource(…); }, or returns them: () => resource. With braces it needs a return.",
    );
  }
}
