import { chain } from "../../common/maybe-promise.ts";
import type { ProtocolSwitch } from "../../common/protocol-switch.ts";
import { RequestContext } from "../../request/request-context.ts";
import { expectUpgrades } from "../../request/upgrade-request.ts";
import { InvalidResponseError } from "../../response/into-response.ts";
import { UpgradeResponse } from "../../response/upgrade-response.ts";
import type { Extractor } from "../extractor.ts";
import type { Agreement } from "./agreement.ts";
import { checkHandshake, offeredProtocols, type WorkingMeans } from "./handshake.ts";
import { openInProcess } from "./in-process.ts";
import { NodeWebSockets } from "./node-web-sockets.ts";
import { checkOrigin } from "./origin.ts";
import { platformOf } from "./platform.ts";
import type { WebSocketCallback } from "./run-callback.ts";
import type { WebSocketConnection } from "./web-socket-connection.ts";
import { WebSocketUnsupportedError } from "./web-socket-errors.ts";
import { settingsOf, type WebSocketOptions, type WebSocketSettings } from "./web-socket-options.ts";

/** A handshake that has been found good. Called, it makes the response that opens the WebSocket. */
export interface WebSocketUpgrade {
  /**
   * The response (101) that opens the WebSocket once it has come through all layers. They may add headers to it, or
   * return something else: then no WebSocket is opened. A handler that calls this and returns nothing has forgotten to
   * return the response: that is a 500, and an `InvalidResponseError` (`ARGANIA_INVALID_RESPONSE`) in the log.
   *
   * @param callback what the WebSocket is used for. When it has returned, or its promise is fulfilled, the WebSocket is
   * closed with 1000; when it throws or rejects, the error is logged and the code is 1011
   */
  (callback: (socket: WebSocketConnection) => unknown): Response;
  /** The subprotocols that the client offers, the one that it likes best first. */
  readonly offeredProtocols: readonly string[];
  /** The one that is agreed on; empty when there is none. */
  readonly protocol: string;
}

/**
 * A WebSocket handshake (RFC 6455), for a GET handler: layers, guards and params apply to it as to any request, and
 * the handler decides what becomes of it.
 *
 * - An ordinary request is answered with 426 (`ARGANIA_WEBSOCKET_UPGRADE_REQUIRED`), and so is another version than 13
 *   (`ARGANIA_WEBSOCKET_VERSION`), each with the headers that say what to do.
 * - A malformed handshake is a 400 (`ARGANIA_WEBSOCKET_HANDSHAKE`).
 * - A page of another origin gets a 403 (`ARGANIA_WEBSOCKET_ORIGIN`), unless `origins` names it.
 * - Where connections cannot be upgraded it is a 501 (`ARGANIA_WEBSOCKET_UNSUPPORTED`), and logged.
 *
 * On Node the package `ws` does the work: `npm install ws`. Throws a `WebSocketOptionError` (`ARGANIA_WEBSOCKET_OPTION`) for
 * options that are unknown or of the wrong kind.
 *
 * @example
 * ```ts
 * root.subresource("/rooms/{room}").setHandlerFor(
 *   _get.to([webSocketUpgrade({ maxMessageBytes: 4_096 })], (upgrade, { params }) =>
 *     upgrade(async (socket) => {
 *       for await (const message of socket) await socket.send(`${params.room}: ${message}`);
 *     }),
 *   ),
 * );
 * ```
 */
export function webSocketUpgrade(options: WebSocketOptions = {}): Extractor<WebSocketUpgrade, object> {
  const settings = settingsOf(options);
  const nodeWebSockets = new NodeWebSockets(settings);
  const open = opener(settings, nodeWebSockets);
  const answered = new WeakSet<RequestContext<object>>();
  expectUpgrades();
  return {
    checkResult: (result, context) => {
      // Throwing, or another response, may be meant; an empty 200 to a handshake never is.
      if (result === undefined && answered.has(context)) {
        throw new InvalidResponseError(forgottenReturn(context));
      }
    },
    extract: (context) => {
      const means = checkHandshake(context);
      const offered = offeredProtocols(context);
      const offer = context.header("sec-websocket-extensions");
      const extensions = means.kind === "node" ? nodeWebSockets.acceptable(offer) : offer;
      assertPlatform(means, context);
      return chain(checkOrigin(context, settings.origins), () => {
        const protocol = selectProtocol(offered, settings, context);
        const agreed = {
          protocol,
          key: context.header("sec-websocket-key"),
          extensions,
          drainNotice: RequestContext.drainNoticeOf(context),
        };
        const upgrade = (callback: WebSocketCallback): Response => {
          if (typeof callback !== "function") {
            throw new TypeError("upgrade takes a function: write upgrade(async (socket) => { … }).");
          }
          answered.add(context);
          return new UpgradeResponse(open(means, { ...agreed, callback }, context));
        };
        return Object.assign(upgrade, { offeredProtocols: offered, protocol });
      });
    },
  };
}

const OTHER_REQUEST = "An upgrade answers the request that it was made for, and no other.";

function forgottenReturn({ routePattern, path }: RequestContext<object>): string {
  return `The handler of GET ${routePattern ?? path} called upgrade(…) and returned nothing: write return upgrade(…), or (upgrade) => upgrade(…) without braces.`;
}

/** Says how a WebSocket is opened where the request has come from. */
function opener(settings: WebSocketSettings, nodeWebSockets: NodeWebSockets) {
  return (means: WorkingMeans, agreement: Agreement, { env }: RequestContext<object>): ProtocolSwitch => ({
    onNode: (upgrade, headers, report) => {
      if (means.kind !== "node" || means.request !== upgrade.request) {
        throw new InvalidResponseError(OTHER_REQUEST);
      }
      nodeWebSockets.open(upgrade, agreement, headers, report);
    },
    onWeb: (headers, report) => {
      if (means.kind === "in-process") {
        const { request, link } = means;
        return openInProcess({ request, env, agreement, settings, headers, report }, link);
      }
      const openOnPlatform = platformOf(env);
      if (means.kind !== "web" || openOnPlatform === null) {
        throw new InvalidResponseError(OTHER_REQUEST);
      }
      return openOnPlatform({ request: means.request, env, agreement, settings, headers, report });
    },
  });
}

/** Where the platform has no WebSockets, the handler is not run. */
function assertPlatform(means: WorkingMeans, context: RequestContext<object>): void {
  if (means.kind === "web" && platformOf(context.env) === null) {
    throw new WebSocketUnsupportedError(
      "service.fetch opens WebSockets on Deno, Bun and Cloudflare Workers. On Node use Server, or http.createServer(service.nodeListener).",
    );
  }
}

function selectProtocol(
  offered: readonly string[],
  { protocols, selectProtocol: select }: WebSocketSettings,
  context: RequestContext<object>,
): string {
  if (select === undefined) {
    return offered.find((protocol) => protocols.includes(protocol)) ?? "";
  }
  const protocol = offered.length === 0 ? undefined : select(offered, context);
  if (protocol !== undefined && !offered.includes(protocol)) {
    throw new TypeError(`selectProtocol chose ${JSON.stringify(protocol)}, which the client does not offer.`);
  }
  return protocol ?? "";
}
