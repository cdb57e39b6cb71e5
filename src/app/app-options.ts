import { assertOptions } from "../common/assert-options.ts";
import { describeValue } from "../common/describe-value.ts";
import type { MaybePromise } from "../common/maybe-promise.ts";
import type { OneOrMany } from "../common/one-or-many.ts";
import type { Property } from "../common/property.ts";
import { consoleLogger, type Logger } from "../handler/logger.ts";
import type { AnyResource } from "../resource/resource.ts";
import type { Router } from "../router/router.ts";
import { Server } from "../server/server.ts";
import type { AppScope } from "./app-scope.ts";
import type { AnyConfig, CheckedServer } from "./checked-server.ts";
import { checkServerConfig } from "./config/check-server-config.ts";
import { ConfigError, type ConfigIssue } from "./config/config-error.ts";
import { isPlainObject } from "./config/config-tree.ts";
import { assertEnvironment, currentEnvironment } from "./config/environment.ts";
import type { ServerConfig } from "./config/server-config.ts";
import { ContextKey } from "./context-key.ts";
import { type AnyInitializer, assertInitializers } from "./initializer.ts";
import type { CheckedList, ContextOf } from "./initializer-types.ts";
import { assertMiddlewares, type Middlewares } from "./middlewares.ts";

/** Fills the router; what it returns is added to it. */
export type Routes<Scope> = (
  router: Router,
  app: Scope,
) => MaybePromise<Router | OneOrMany<AnyResource> | void>;

/** A {@link ContextKey} of what the app's context has, or of a part of it. */
export interface KeyFor<Context extends object> {
  readonly name: string;
  // Not a method: a key of more than there is must not fit.
  readonly to: (value: Context) => Property;
}

/** What an app is made of. */
export interface AppOptions<
  Config extends AnyConfig,
  Base extends object,
  List extends readonly AnyInitializer[],
  Layers extends object = object,
> {
  /** As `loadConfig` gives it; of it, the app itself reads the section `server`. Default: nothing. */
  readonly config?: Config & { readonly server?: CheckedServer<Config, NoInfer<Layers>> };
  /** What the context has from the beginning. Default: nothing. */
  readonly context?: Base;
  /** Hands the context to handlers and layers that are written elsewhere. */
  readonly contextKey?: KeyFor<NoInfer<ContextOf<Base, List>>>;
  /** In the order in which they run. Default: none. */
  readonly initializers?: readonly [...List] & CheckedList<List, NoInfer<Config>, NoInfer<Base>>;
  /**
   * Layers that `config.server.middlewares` can switch on, by name, the first one outermost; see `layersFrom`. Where
   * `config` is written in code, other names, and options that a layer does not take, do not compile.
   */
  readonly middlewares?: Layers & Middlewares<AppScope<NoInfer<Config>, ContextOf<NoInfer<Base>, List>>>;
  /** Makes the tree. It is called once, after `beforeRun` of all initializers. */
  readonly routes: Routes<AppScope<NoInfer<Config>, ContextOf<NoInfer<Base>, List>>>;
  /** Where failures are reported. Default: standard error. With a `LoggerLayer`, its `serviceLogger(logger)`. */
  readonly logger?: Logger;
  /** A server with what a configuration cannot say; the section `server`, its defaults for `shutdown` included, and `logger` are put over it. */
  readonly server?: Server;
  /** Default `currentEnvironment()`. */
  readonly environment?: string;
}

/** Options that were looked at. */
export interface AppParts {
  readonly config: object;
  readonly context: object;
  readonly contextKey: ContextKey<object> | undefined;
  readonly initializers: readonly AnyInitializer[];
  readonly middlewares: Middlewares;
  readonly routes: Routes<AppScope>;
  readonly logger: Logger;
  readonly server: Server | undefined;
  readonly serverConfig: ServerConfig;
  readonly environment: string;
}

const NAMES = [
  "routes",
  "initializers",
  "config",
  "context",
  "contextKey",
  "middlewares",
  "logger",
  "server",
  "environment",
];

/** Throws a `TypeError` for what is no option, and a `ConfigError` (`ARGANIA_CONFIG`) for a section `server` that does not hold. */
export function partsOf(options: AppOptions<object, object, readonly AnyInitializer[]>): AppParts {
  assertOptions("App", options, NAMES);
  const {
    config = {},
    context = {},
    contextKey,
    initializers = [],
    middlewares = {},
    routes,
    logger = consoleLogger,
    server,
    environment,
  } = options;
  assertInitializers(initializers);
  assertMiddlewares(middlewares);
  assertKind("routes", routes, typeof routes === "function", "a function (router, app) => …");
  assertKind("config", config, isPlainObject(config), "an object: await loadConfig(…) before");
  assertKind("context", context, isPlainObject(context), "an object with what handlers share");
  assertKind("logger", logger, typeof logger?.error === "function", "one with error(details, message)");
  assertKind("server", server, server === undefined || server instanceof Server, "a Server");
  const isKey = contextKey === undefined || contextKey instanceof ContextKey;
  assertKind("contextKey", contextKey, isKey, "a ContextKey");
  return {
    config,
    context,
    contextKey: contextKey as ContextKey<object> | undefined,
    initializers: [...initializers],
    middlewares: middlewares as Middlewares,
    routes: routes as Routes<AppScope>,
    logger,
    server,
    serverConfig: checkedServer((config as { readonly server?: unknown }).server),
    environment: environment === undefined ? currentEnvironment() : assertEnvironment(environment),
  };
}

function assertKind(name: string, value: unknown, holds: boolean, wanted: string): void {
  if (!holds) {
    throw new TypeError(`${name} of App is ${wanted}, not ${describeValue(value)}.`);
  }
}

function checkedServer(server: unknown): ServerConfig {
  const issues: ConfigIssue[] = [];
  const checked = checkServerConfig(server, (path, message) => {
    issues.push({ path, message, source: "config of App" });
  });
  if (issues.length > 0) {
    throw new ConfigError(issues);
  }
  return checked;
}
