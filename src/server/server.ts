import { consoleLogger, type Logger } from "../handler/logger.ts";
import type { Service } from "../handler/service.ts";
import { type Address, parseAddresses } from "./address.ts";
import { serveAlone } from "./serve-alone.ts";
import { type ServingRole, serveWithWorkers, servingRole } from "./serve-with-workers.ts";
import { ServerOptionError } from "./server-errors.ts";
import type { ServerHandle } from "./server-handle.ts";
import { checkedNumber, DEFAULT_LIMITS, mergeLimits, type ServerLimits } from "./server-limits.ts";
import type { ServerSettings, UnhandledRejections } from "./server-settings.ts";
import type { TlsOptions } from "./tls-options.ts";
import { checkedWorkers } from "./worker-count.ts";

/**
 * Serves a service on Node: HTTP/1.1, and on demand TLS, HTTP/2 and graceful shutdown. One `Server` can serve
 * several times; each time it takes the options that it has then.
 *
 * @example
 * ```ts
 * const handle = await new Server().withGracefulShutdown(5_000).serve(router.intoService(), "127.0.0.1:8080");
 * console.log(`Listening on ${handle.url}`);
 * await handle.closed;
 * ```
 */
export class Server {
  #limits: ServerLimits = DEFAULT_LIMITS;
  #logger: Logger = consoleLogger;
  #tls: TlsOptions | null = null;
  #isHttp2 = false;
  #graceMs = 10_000;
  #cleanUpMs = 0;
  #handlesSignals = false;
  #unhandledRejections: UnhandledRejections = "log";
  #workers = 0;

  /**
   * Ends the server on SIGTERM and SIGINT as `ServerHandle.close()` does. When every server of the process has
   * ended, so does the process: by itself, or by `process.exit()` 800 ms after the grace period if something of the
   * application keeps it alive. Clean up after `await handle.closed`. A second signal cuts everything off at once,
   * with exit code 1.
   *
   * Server-sent events (`text/event-stream`) end at once, and properly, so that their clients turn to another server.
   * Any other stream without an end goes on until the grace period is over; then its generator gets `return()` and
   * `context.signal` is aborted.
   *
   * @param graceMs how long requests may take to finish, in milliseconds. Default 10,000. It holds for `close()` too
   * @param cleanUpMs how much longer the program is let alone to clean up, in milliseconds, beyond those 800. Default 0
   */
  withGracefulShutdown(graceMs = 10_000, cleanUpMs = 0): this {
    this.#graceMs = checkedNumber("graceMs", graceMs);
    this.#cleanUpMs = checkedNumber("cleanUpMs", cleanUpMs);
    this.#handlesSignals = true;
    return this;
  }

  /** Serves HTTPS. A key or certificate that does not hold makes `serve()` reject (`ARGANIA_SERVER_OPTION`). */
  withTls(options: TlsOptions): this {
    if ((options?.cert === undefined || options.key === undefined) && options?.pfx === undefined) {
      throw new ServerOptionError(
        "withTls needs a certificate and its key: withTls({ cert, key }), or { pfx }.",
      );
    }
    this.#tls = { ...options };
    return this;
  }

  /**
   * Serves HTTP/2 beside HTTP/1.1, on the same port: with TLS as the client chooses (ALPN), without TLS to clients
   * that know it beforehand (h2c). `Upgrade: h2c` is ignored, as RFC 9113 wants it.
   */
  withHttp2(): this {
    this.#isHttp2 = true;
    return this;
  }

  /**
   * Changes limits; those that are not named stay as they are.
   *
   * Throws a `ServerOptionError` (`ARGANIA_SERVER_OPTION`) for an unknown name or what is no whole number from 0 on.
   */
  withLimits(limits: Partial<ServerLimits>): this {
    this.#limits = mergeLimits(this.#limits, limits);
    return this;
  }

  /**
   * Where the server reports what happens outside of requests. Default: standard error.
   *
   * Throws a `ServerOptionError` (`ARGANIA_SERVER_OPTION`) for what has no function `error`.
   */
  withLogger(logger: Logger): this {
    if (typeof (logger as Partial<Logger> | undefined)?.error !== "function") {
      throw new ServerOptionError(
        "withLogger takes a logger with a function error(details, message), such as console.",
      );
    }
    this.#logger = logger;
    return this;
  }

  /**
   * What becomes of a promise that is rejected and handled by nobody while a server serves: `"log"` (the default)
   * reports it and the process goes on, since otherwise one request to a handler that forgot an `await` ends the
   * server for all; `"crash"` leaves it to Node. Uncaught exceptions are left to Node in any case.
   */
  withUnhandledRejections(mode: UnhandledRejections): this {
    this.#unhandledRejections = mode;
    return this;
  }

  /**
   * Serves with several processes: this one starts so many workers (`node:cluster`), which run the same program with
   * the same arguments, and hands each connection to one of them in turn. The call of `serve()` that starts them here
   * serves there. It must be made in every process; what is to be done once belongs where `handle.worker` is `null`.
   *
   * Here `serve()` resolves when all of them listen, and rejects with a `ServeError` (`ARGANIA_SERVE`) when one ends
   * before that. One that ends later is reported to the logger and replaced, after 100 ms to 1.6 s. After five in a
   * row that served for less than 30 s the server closes, and `process.exitCode` becomes 1.
   *
   * `close()` and the signals of `withGracefulShutdown` drain all workers; `closed` is fulfilled when they are gone.
   * What of them is left 1.5 s after the grace period is killed. A worker that gets SIGTERM itself drains and is
   * replaced, and workers whose first process vanishes drain and end. Limits such as `maxConnections` hold for each.
   *
   * Throws a `ServerOptionError` (`ARGANIA_SERVER_OPTION`) for what is no number of workers.
   *
   * @param workers `"auto"` (one for each core that Node may use) or an integer up to 512. 1 is one worker that is
   * replaced when it ends; 0, the default, serves in this process alone
   *
   * @example
   * ```ts
   * const handle = await new Server().withWorkers("auto").serve(service, "127.0.0.1:8080");
   * if (handle.worker === null) console.log(`Serving on ${handle.url}`);
   * ```
   */
  withWorkers(workers: number | "auto"): this {
    this.#workers = checkedWorkers(workers);
    return this;
  }

  /** @internal Only for the framework: what this process is to a server with its number of workers. */
  static roleOf(server: Server): ServingRole {
    return server.#workers === 0 ? "alone" : servingRole();
  }

  /**
   * Listens on an address, or on the first of several that can be bound.
   *
   * Rejects with an `AddressError` (`ARGANIA_ADDRESS`) for a malformed address, with a `ServeError`
   * (`ARGANIA_SERVE`) when none can be bound, and with a `ServerOptionError` (`ARGANIA_SERVER_OPTION`) for TLS
   * options that do not hold.
   *
   * @example
   * ```ts
   * const { url } = await new Server().serve(service, ["127.0.0.1:8080", "127.0.0.1:0"]);
   * ```
   */
  async serve(service: Service, address: Address | readonly Address[]): Promise<ServerHandle> {
    if (typeof (service as Partial<Service> | undefined)?.createNodeListener !== "function") {
      throw new TypeError("serve() takes a service: write serve(root.intoService(), address).");
    }
    const addresses = parseAddresses(address);
    const serve = this.#workers === 0 ? serveAlone : serveWithWorkers;
    return serve(service, this.#settings(), addresses);
  }

  #settings(): ServerSettings {
    return {
      limits: this.#limits,
      logger: this.#logger,
      tls: this.#tls,
      isHttp2: this.#isHttp2,
      graceMs: this.#graceMs,
      cleanUpMs: this.#cleanUpMs,
      handlesSignals: this.#handlesSignals,
      unhandledRejections: this.#unhandledRejections,
      workers: this.#workers,
    };
  }
}
