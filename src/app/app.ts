import type { Service } from "../handler/service.ts";
import { Router } from "../router/router.ts";
import type { Address } from "../server/address.ts";
import type { ServingRole } from "../server/serve-with-workers.ts";
import { Server } from "../server/server.ts";
import type { ServerHandle } from "../server/server-handle.ts";
import { AppStateError, type InitializerError } from "./app-errors.ts";
import { type AppOptions, type AppParts, partsOf } from "./app-options.ts";
import { reportShutdown, watchAppSignals } from "./app-process.ts";
import type { AppScope } from "./app-scope.ts";
import { type Boot, makeService, runBefore } from "./boot.ts";
import { addressOf, buildServer, cleanUpTime } from "./build-server.ts";
import type { AnyConfig } from "./checked-server.ts";
import type { AnyInitializer } from "./initializer.ts";
import type { ContextOf } from "./initializer-types.ts";
import { shutDown } from "./shut-down.ts";
import { isInShutdownHook } from "./shutdown-hooks.ts";

/**
 * A whole program: its configuration, what it opens and closes, its layers and its routes.
 *
 * 1. `beforeRun` of each initializer, in order; what they return becomes part of the context;
 * 2. the layers of `config.server.middlewares`, then `routes(router, app)`;
 * 3. `afterRoutes` of each initializer, in order; the tree is frozen;
 * 4. `run()` serves it;
 * 5. when the last connection has ended, `onShutdown` of each initializer, in reverse order, whatever became of the
 *    others.
 *
 * If something fails on the way to 4, those initializers are shut down whose turn in 1 is over, and what failed is thrown.
 *
 * Throws a `TypeError` for options that do not hold, and a `ConfigError` (`ARGANIA_CONFIG`) for a section `server` that
 * does not.
 *
 * @example
 * ```ts
 * const app = new App({
 *   config: await loadConfig({ schema: Config }),
 *   initializers: [database, sessions],
 *   routes: (router, { context }) => router.addResource([usersOf(context.db), about]),
 * });
 * const { url } = await app.run();
 * ```
 * Source: Loco, `Hooks` and `Initializer`.
 */
export class App<
  Config extends AnyConfig = object,
  Base extends object = object,
  const List extends readonly AnyInitializer[] = readonly AnyInitializer[],
  Layers extends object = object,
> {
  readonly #parts: AppParts;
  readonly #scope: AppScope;
  readonly #started: AnyInitializer[] = [];
  #booting: Promise<Service> | undefined;
  #serving: Promise<ServerHandle> | undefined;
  /** The same, and rejected only when what was begun is shut down. */
  #service: Promise<Service> | undefined;
  #running: Promise<ServerHandle> | undefined;
  #handle: ServerHandle | undefined;
  #shutDown: Promise<readonly InitializerError[]> | undefined;
  /** Whether nothing further may begin. */
  #isClosing = false;
  /** Whether somebody waits for `close()`, and is told there what fails. */
  #isCloseCalled = false;
  #resolveClosed: () => void = () => {};
  /** Fulfilled when everything has ended, initializers included, whoever closed the app. Never rejected. */
  readonly closed: Promise<void>;

  constructor(options: AppOptions<Config, Base, List, Layers>) {
    this.#parts = partsOf(options as never);
    const { config, context, environment, logger } = this.#parts;
    this.#scope = Object.freeze({ config, context: { ...context }, environment, logger });
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
  }

  get config(): Config {
    return this.#scope.config as Config;
  }

  /** What handlers share. It is whole when the app has booted. */
  get context(): ContextOf<Base, List> {
    return this.#scope.context as ContextOf<Base, List>;
  }

  get environment(): string {
    return this.#scope.environment;
  }

  /**
   * Boots without a port, for tests and other runtimes. Called again, it gives the same service. Call `close()` at the
   * end.
   *
   * Rejects with an `InitializerError` (`ARGANIA_INITIALIZER`), a `MiddlewareConfigError` (`ARGANIA_MIDDLEWARE_CONFIG`),
   * what `routes` throws, a `TypeError` when there is no resource, or an `AppStateError` (`ARGANIA_APP_STATE`) when the
   * app was closed.
   */
  service(): Promise<Service> {
    this.#service ??= this.#orShutDown(this.#begin("alone"));
    return this.#service;
  }

  /**
   * Boots and serves. SIGTERM and SIGINT close the app, as `close()` does, also while it boots, unless the
   * configuration has `server.shutdown: false`; a second signal ends the process at once.
   *
   * With workers, the process that starts them boots only the initializers that run in the first process, and none of the
   * routes; each worker boots the others.
   *
   * Rejects as `service()` and `Server.serve()` do, with a `ConfigError` (`ARGANIA_CONFIG`) for TLS files that cannot be
   * read, and with an `AppStateError` (`ARGANIA_APP_STATE`) when it is called twice, or after the app was closed or has
   * failed to begin. Not caught, that ends the process with exit code 1.
   *
   * @param address in place of that of the configuration, whose default is `127.0.0.1:8080`
   */
  run(address?: Address | readonly Address[]): Promise<ServerHandle> {
    if (this.#running !== undefined) {
      return Promise.reject(this.#stateError());
    }
    this.#watchSignals();
    this.#serving = this.#serve(address ?? addressOf(this.#parts.serverConfig));
    this.#running = this.#orShutDown(this.#serving);
    return this.#running;
  }

  /**
   * Closes the server, as `ServerHandle.close()` does, then shuts the initializers down. While the app boots, what is
   * under way is waited for, and nothing further begins. Further calls change nothing; one by an `onShutdown`, for which it
   * would wait, is fulfilled at once. Do not await it in `beforeRun`, `routes` or `afterRoutes`: throw there.
   *
   * Rejects when `onShutdown` failed: with its `InitializerError` (`ARGANIA_INITIALIZER`), or with an `AggregateError` of
   * several. Nothing is left open that another one would have closed.
   */
  async close(): Promise<void> {
    if (isInShutdownHook(this.#scope)) {
      return;
    }
    this.#isCloseCalled = true;
    const errors = await this.#end();
    if (errors.length > 1) {
      throw new AggregateError(errors, `${errors.length} initializers could not be shut down.`);
    }
    for (const error of errors) {
      throw error;
    }
  }

  #begin(role: ServingRole): Promise<Service> {
    this.#booting ??= this.#boot(role);
    return this.#booting;
  }

  async #boot(role: ServingRole): Promise<Service> {
    const isWanted = ({ runsIn }: AnyInitializer) =>
      role === "alone" || (role === "first") === (runsIn === "first");
    const boot: Boot = {
      parts: this.#parts,
      scope: this.#scope,
      initializers: this.#parts.initializers.filter(isWanted),
      started: this.#started,
      assertOpen: () => this.#assertOpen(),
    };
    await runBefore(boot);
    // The process that starts the workers serves nothing itself.
    return role === "first" ? new Router().intoService() : makeService(boot);
  }

  async #serve(address: Address | readonly Address[]): Promise<ServerHandle> {
    this.#assertOpen();
    const server = await buildServer(this.#parts);
    const service = await this.#begin(Server.roleOf(server));
    this.#assertOpen();
    const handle = await server.serve(service, address);
    this.#handle = handle;
    handle.closed.then(() => this.#shutDownOnce());
    return Object.freeze({ ...handle, close: () => this.close(), closed: this.closed });
  }

  async #orShutDown<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      await this.#shutDownOnce();
      throw error;
    }
  }

  async #end(): Promise<readonly InitializerError[]> {
    this.#isClosing = true;
    const underWay: Promise<unknown> | undefined = this.#serving ?? this.#booting;
    await underWay?.catch(() => {});
    await this.#handle?.close();
    return this.#shutDownOnce();
  }

  #shutDownOnce(): Promise<readonly InitializerError[]> {
    this.#isClosing = true;
    this.#shutDown ??= this.#shutDownAll();
    return this.#shutDown;
  }

  async #shutDownAll(): Promise<readonly InitializerError[]> {
    // What failed may be the server, while something still boots.
    await this.#booting?.catch(() => {});
    const errors = await shutDown(this.#started, this.#scope, cleanUpTime(this.#parts.serverConfig));
    if (!this.#isCloseCalled) {
      reportShutdown(this.#parts, errors);
    }
    this.#resolveClosed();
    return errors;
  }

  /** Before the server does it, and after: npm repeats Ctrl-C, which would break off an `onShutdown`. */
  #watchSignals(): void {
    const unwatch = watchAppSignals(this.#parts, this.closed, () => {
      this.#end();
    });
    this.closed.then(unwatch);
  }

  #assertOpen(): void {
    if (this.#isClosing) {
      throw this.#stateError();
    }
  }

  #stateError(): AppStateError {
    return new AppStateError(
      this.#isClosing
        ? "The app is closed, as it also is when it has failed to begin, and cannot begin again: make a new App."
        : "The app runs already: run() is called once.",
    );
  }
}
