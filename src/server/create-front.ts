import type { Server as HttpServer, ServerOptions } from "node:http";
import type { Server as HttpsServer, ServerOptions as HttpsServerOptions } from "node:https";
import type { Socket } from "node:net";
import { chooseProtocol } from "./choose-protocol.ts";
import type { Http1Connections } from "./http1-connections.ts";
import type { Http2Sessions } from "./http2-sessions.ts";
import { loadHttp, loadHttps } from "./node-modules.ts";
import { ServerOptionError } from "./server-errors.ts";
import type { ServerLimits } from "./server-limits.ts";
import type { ServerSettings } from "./server-settings.ts";
import type { TlsOptions } from "./tls-options.ts";

/** How often Node looks for requests that are late, in milliseconds. Its own 30 s would make 45 of the 15. */
const CHECKING_INTERVAL = 1_000;

/** When a peer that vanished without a word is looked for, in milliseconds. */
const TCP_KEEP_ALIVE = 60_000;

/** The server that listens: HTTP/1 itself, and the connections of HTTP/2 it hands on. */
export type Front = HttpServer | HttpsServer;

export function createFront(
  settings: ServerSettings,
  http1: Http1Connections,
  http2: Http2Sessions | null,
): Front {
  const { limits, tls } = settings;
  const front =
    tls === null
      ? loadHttp().createServer(httpOptions(limits), http1.onRequest)
      : createSecureFront(limits, tls, http1, http2 !== null);
  front.maxRequestsPerSocket = limits.maxRequestsPerSocket;
  // Node drops what is beyond its limit and says nothing: one more, so that there is something to refuse.
  front.maxHeadersCount = limits.maxHeadersCount === 0 ? 0 : limits.maxHeadersCount + 1;
  if (limits.maxConnections > 0) {
    front.maxConnections = limits.maxConnections;
  }
  front.on("checkContinue", http1.onCheckContinue);
  front.on("checkExpectation", http1.onCheckExpectation);
  front.on("connect", http1.onConnect);
  front.on("clientError", http1.onClientError);
  distribute(front, tls === null ? "connection" : "secureConnection", limits, http1, http2);
  return front;
}

/** Node 24.12 and later need not make a stream of a body that is not there: 1 to 2 µs of a request. Others ignore it. */
interface NewerServerOptions extends ServerOptions {
  readonly optimizeEmptyRequests: boolean;
}

function httpOptions(limits: ServerLimits): NewerServerOptions {
  const { headersTimeout, requestTimeout } = limits;
  return {
    optimizeEmptyRequests: true,
    // Node wants the shorter one for the head; 0 is no limit for it either.
    headersTimeout: requestTimeout === 0 ? headersTimeout : Math.min(headersTimeout, requestTimeout),
    requestTimeout,
    keepAliveTimeout: limits.keepAliveTimeout,
    connectionsCheckingInterval: CHECKING_INTERVAL,
    keepAlive: true,
    keepAliveInitialDelay: TCP_KEEP_ALIVE,
    ...(limits.maxHeaderSize === 0 ? {} : { maxHeaderSize: limits.maxHeaderSize }),
  };
}

function createSecureFront(
  limits: ServerLimits,
  tls: TlsOptions,
  http1: Http1Connections,
  isHttp2: boolean,
): HttpsServer {
  const options = {
    ...tls,
    ...httpOptions(limits),
    minVersion: tls.minVersion ?? "TLSv1.2",
    ALPNProtocols: isHttp2 ? ["h2", "http/1.1"] : ["http/1.1"],
    ...(limits.headersTimeout === 0 ? {} : { handshakeTimeout: limits.headersTimeout }),
  };
  try {
    return loadHttps().createServer(options as unknown as HttpsServerOptions, http1.onRequest);
  } catch (cause) {
    throw new ServerOptionError(
      `The TLS options cannot be used: ${cause instanceof Error ? cause.message : String(cause)}. Give the contents of the PEM files, not their paths.`,
      { cause },
    );
  }
}

/** Puts the choice between the protocols in front of Node's own connection listener. */
function distribute(
  front: Front,
  event: "connection" | "secureConnection",
  limits: ServerLimits,
  http1: Http1Connections,
  http2: Http2Sessions | null,
): void {
  if (http2 === null) {
    front.on(event, http1.onConnection);
    return;
  }
  const [serveHttp1] = front.listeners(event) as ((socket: Socket) => void)[];
  front.removeAllListeners(event);
  const protocols = {
    http1: (socket: Socket) => {
      http1.onConnection(socket);
      serveHttp1?.call(front, socket);
    },
    http2: http2.onConnection,
  };
  front.on(event, (socket: Socket & { readonly alpnProtocol?: string | false }) => {
    if (event === "connection") {
      chooseProtocol(socket, limits.headersTimeout, protocols);
    } else if (socket.alpnProtocol === "h2") {
      protocols.http2(socket);
    } else {
      protocols.http1(socket);
    }
  });
}
