import type { Socket } from "node:net";
import { DrainNotice } from "../common/drain-notice.ts";
import { reportTo } from "../handler/logger.ts";
import type { Service } from "../handler/service.ts";
import type { BoundAddress, ListenAddress } from "./address.ts";
import { createFront, type Front } from "./create-front.ts";
import { Http1Connections, LINGER } from "./http1-connections.ts";
import { Http2Sessions } from "./http2-sessions.ts";
import { listenOnFirst } from "./listen.ts";
import { loadNet } from "./node-modules.ts";
import type { ServerSettings } from "./server-settings.ts";
import { watchSignals } from "./shutdown-signals.ts";
import { StalledClients } from "./stalled-clients.ts";
import { watchRejections } from "./unhandled-rejections.ts";

/** One server, from its first connection to its last. */
export class RunningServer {
  readonly #settings: ServerSettings;
  readonly #http1: Http1Connections;
  readonly #http2: Http2Sessions | null;
  readonly #front: Front;
  /** Every connection, also those that have not got as far as HTTP. */
  readonly #sockets = new Set<Socket>();
  readonly #drainNotice = new DrainNotice();
  readonly #stalledClients: StalledClients;
  readonly closed: Promise<void>;
  #isDraining = false;

  constructor(service: Service, settings: ServerSettings) {
    this.#settings = settings;
    const { limits } = settings;
    const listener = service.createNodeListener({
      handlerTimeout: limits.handlerTimeout,
      ownsRequests: true,
      drainNotice: this.#drainNotice,
    });
    this.#http1 = new Http1Connections(listener, limits);
    this.#http2 = settings.isHttp2 ? new Http2Sessions(listener, limits) : null;
    this.#stalledClients = new StalledClients(limits.sendTimeout, this.#sockets, this.#http2?.streams ?? []);
    this.#front = createFront(settings, this.#http1, this.#http2);
    const sockets = this.#sockets;
    this.#front.on("connection", (socket: Socket) => {
      sockets.add(socket);
      socket.on("close", forget);
    });
    function forget(this: Socket): void {
      sockets.delete(this);
    }
    // Node says so of a server before its last sockets say it of themselves, in the same turn: what is still at work for
    // them is to be told before others clean up.
    this.closed = new Promise((resolve) => {
      this.#front.once("close", () => setImmediate(() => setImmediate(resolve)));
    });
  }

  async start(addresses: readonly ListenAddress[]): Promise<BoundAddress> {
    const address = await listenOnFirst(this.#front, addresses);
    this.#http2?.watch();
    this.#stalledClients.watch();
    const { logger, handlesSignals, unhandledRejections } = this.#settings;
    this.#front.on("error", (err) => reportTo(logger, { err }, "The server could not accept a connection"));
    const releases = [
      ...(handlesSignals ? [watchSignals(this)] : []),
      ...(unhandledRejections === "log" ? [watchRejections(logger)] : []),
    ];
    this.closed.then(() => {
      for (const release of releases) {
        release();
      }
      this.#release();
    });
    return address;
  }

  /** Until the process is ended. */
  get graceMs(): number {
    return this.#settings.graceMs + this.#settings.cleanUpMs;
  }

  /** Takes no more connections, lets the requests that are under way finish, and ends what is left after that. */
  drain(): void {
    if (this.#isDraining) {
      return;
    }
    this.#isDraining = true;
    const timers = [
      setTimeout(() => this.#endSilent(), LINGER),
      setTimeout(() => this.destroy(), this.#settings.graceMs),
    ];
    this.closed.then(() => timers.forEach(clearTimeout));
    // Not `http.Server.close()`: that destroys idle connections, whose next request may be on its way.
    loadNet().Server.prototype.close.call(this.#front);
    this.#http1.drain();
    this.#http2?.drain();
    // Last, so that what ends now ends its connection, too.
    this.#drainNotice.give();
  }

  /** Ends everything at once. */
  destroy(): void {
    this.drain();
    this.#http2?.destroy();
    this.#http1.destroy();
    for (const socket of this.#sockets) {
      socket.destroy();
    }
  }

  /** Connections that never sent a byte, not even of a TLS handshake. */
  #endSilent(): void {
    for (const socket of this.#sockets) {
      if (socket.bytesRead === 0) {
        socket.destroy();
      }
    }
  }

  /** Node's timer that looks for late requests goes with `http.Server.close()`, which comes last. */
  #release(): void {
    this.#http2?.release();
    this.#stalledClients.release();
    this.#front.close();
  }
}
