import { ArganiaError } from "../common/argania-error.ts";

/** What an initializer is asked to do. */
export type InitializerPhase = "beforeRun" | "afterRoutes" | "onShutdown";

/** An initializer failed. `cause` is what it threw. */
export class InitializerError extends ArganiaError {
  readonly code = "ARGANIA_INITIALIZER";
  /** Its name. */
  readonly initializer: string;
  readonly phase: InitializerPhase;

  constructor(initializer: string, phase: InitializerPhase, problem: string, options?: ErrorOptions) {
    super(`${phase} of the initializer "${initializer}" ${problem}`, options);
    this.initializer = initializer;
    this.phase = phase;
  }
}

/** A layer of the section `server.middlewares` is unknown, or cannot be made. `cause` is what its function threw. */
export class MiddlewareConfigError extends ArganiaError {
  readonly code = "ARGANIA_MIDDLEWARE_CONFIG";
  /** Its name in the configuration. */
  readonly middleware: string;

  constructor(middleware: string, problem: string, options?: ErrorOptions) {
    super(`server.middlewares.${middleware} ${problem}`, options);
    this.middleware = middleware;
  }
}

/** An app is asked for what it cannot do any more: to run twice, or to begin when it was closed. */
export class AppStateError extends ArganiaError {
  readonly code = "ARGANIA_APP_STATE";
}
