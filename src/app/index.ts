export { App } from "./app.ts";
export {
  AppStateError,
  InitializerError,
  type InitializerPhase,
  MiddlewareConfigError,
} from "./app-errors.ts";
export type { AppOptions, KeyFor, Routes } from "./app-options.ts";
export type { AppScope } from "./app-scope.ts";
export { ConfigError, type ConfigIssue } from "./config/config-error.ts";
export type { ConfigParsers } from "./config/config-files.ts";
export { currentEnvironment, type EnvironmentVariables } from "./config/environment.ts";
export { type AppConfig, type ConfigSources, loadConfig } from "./config/load-config.ts";
export type { ConfigParser } from "./config/parse-config.ts";
export type { MiddlewareConfig, ServerConfig, ShutdownConfig, TlsConfig } from "./config/server-config.ts";
export { ContextKey } from "./context-key.ts";
export { type AnyInitializer, type Initializer, initializer, type ProvidedOf } from "./initializer.ts";
export type { CheckedList, ContextOf, WithProvided } from "./initializer-types.ts";
export { layersFrom, type MiddlewareFactory, type Middlewares } from "./middlewares.ts";
export { type StandardMiddlewares, standardMiddlewares } from "./standard-middlewares.ts";
