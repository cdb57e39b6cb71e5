import type { NodeUpgrade } from "../../common/protocol-switch.ts";
import { type Agreement, addedHeaders } from "./agreement.ts";
import { loadWs, type WsServer, type WsSocket } from "./load-ws.ts";
import { lookingPeriod, NodeTransport, type RawSocket } from "./node-transport.ts";
import { runCallback } from "./run-callback.ts";
import { Sweep } from "./sweep.ts";
import { WebSocketConnection } from "./web-socket-connection.ts";
import type { WebSocketSettings } from "./web-socket-options.ts";

/** How many bytes may wait for an application in any case: far more than messages in one read that are not compressed. */
const LEAST_WAITING = 1_048_576;

/** WebSockets on Node, by `ws`, with the settings of one `webSocketUpgrade()`. */
export class NodeWebSockets {
  readonly #settings: WebSocketSettings;
  readonly #sweep: Sweep | null;
  #server: WsServer | undefined = undefined;
  /** Of the handshake that is being answered. */
  #headers: readonly string[] = [];

  constructor(settings: WebSocketSettings) {
    this.#settings = settings;
    this.#sweep = settings.idleTimeout === 0 ? null : new Sweep(lookingPeriod(settings.idleTimeout));
  }

  /** Answers a handshake that has been checked. */
  open(
    { socket, head }: NodeUpgrade,
    agreement: Agreement,
    headers: readonly string[],
    report: (error: unknown) => void,
  ): void {
    this.#server ??= this.#newServer();
    this.#headers = headers;
    this.#server.handleUpgrade(requestFor(agreement), socket, head, (ws) => {
      const { callback, drainNotice } = agreement;
      const transport = this.#transportOf(ws, socket as RawSocket);
      const connection = new WebSocketConnection(transport);
      const onDrain = () => void connection.close(1001);
      transport.attach({
        receive: (message) => connection.receive(message),
        close: (code, reason) => connection.close(code, reason),
        refusal: () => connection.refusal(),
        end: (close) => {
          drainNotice?.remove(onDrain);
          connection.end(close);
        },
      });
      drainNotice?.add(onDrain);
      runCallback(callback, connection, report);
      if (drainNotice?.isGiven === true) {
        onDrain();
      }
    });
  }

  #transportOf(ws: WsSocket, socket: RawSocket): NodeTransport {
    const { maxMessageBytes, maxBufferedBytes, compression } = this.#settings;
    const maxWaitingBytes = Math.max(2 * maxMessageBytes, LEAST_WAITING);
    const isCompressing = compression !== null && (ws as { extensions?: string }).extensions !== "";
    return new NodeTransport(ws, socket, {
      maxBufferedBytes,
      maxWaitingBytes,
      isCompressing,
      sweep: this.#sweep,
    });
  }

  #newServer(): WsServer {
    const { maxMessageBytes, maxFragments, closeTimeout, compression } = this.#settings;
    const { WebSocketServer } = loadWs();
    const server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      // One for each ping would let a client fill the memory with pongs.
      autoPong: false,
      maxPayload: maxMessageBytes,
      maxFragments,
      closeTimeout,
      perMessageDeflate: compression !== null && {
        threshold: compression.threshold,
        // A compressor that is kept for each connection takes some 100 KiB each.
        serverNoContextTakeover: true,
        clientNoContextTakeover: true,
        zlibDeflateOptions: { level: compression.level },
      },
    });
    server.on("headers", (lines) => {
      for (const [name, value] of addedHeaders(this.#headers)) {
        lines.push(`${name}: ${value}`);
      }
    });
    return server;
  }
}

/** What `ws` reads of a request, of which only so much is left as has been agreed to. */
function requestFor({ protocol, key, extensions }: Agreement): object {
  return {
    method: "GET",
    url: "/",
    headers: {
      upgrade: "websocket",
      "sec-websocket-version": "13",
      "sec-websocket-key": key,
      ...(protocol === "" ? {} : { "sec-websocket-protocol": protocol }),
      ...(extensions === undefined ? {} : { "sec-websocket-extensions": extensions }),
    },
  };
}
