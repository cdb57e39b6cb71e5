import { withoutStack } from "../../common/argania-error.ts";
import type { UpgradeMeans } from "../../common/protocol-switch.ts";
import { RequestContext } from "../../request/request-context.ts";
import { hasItem } from "../../request/upgrade-request.ts";
import {
  WebSocketHandshakeError,
  WebSocketUnsupportedError,
  WebSocketUpgradeRequiredError,
  WebSocketVersionError,
} from "./web-socket-errors.ts";

/** How a connection goes on, once its handshake has been found to be well-formed. */
export type WorkingMeans = Exclude<UpgradeMeans, { readonly kind: "none" }>;

/** 16 bytes in base64 (RFC 6455 §4.1). */
const KEY = /^[A-Za-z\d+/]{22}==$/;

/** A list of different tokens (RFC 6455 §4.1). */
const PROTOCOLS = /^[!#$%&'*+\-.^_`|~\dA-Za-z]+(?:[ \t]*,[ \t]*[!#$%&'*+\-.^_`|~\dA-Za-z]+)*$/;

/**
 * Checks a client's handshake (RFC 6455 §4.2.1), and that the connection can change its protocol. Throws the error
 * that answers one that is none, or malformed; without a stack, because clients make them at will.
 */
export function checkHandshake(context: RequestContext<object>): WorkingMeans {
  const means = RequestContext.sourceOf(context).upgradeMeans;
  if (means.kind === "none" && means.problem === "http2") {
    throw withoutStack(
      () => new WebSocketUpgradeRequiredError("WebSockets are to be had over HTTP/1.1 only."),
    );
  }
  const connection = context.header("connection");
  // Fetch runtimes keep what is about the connection to themselves, or not.
  const isHidden = means.kind === "web" && connection === undefined;
  if (
    context.method !== "GET" ||
    (means.kind === "none" && means.problem === "not-asked") ||
    !hasItem(context.header("upgrade"), "websocket") ||
    !(isHidden || hasItem(connection, "upgrade"))
  ) {
    throw withoutStack(() => new WebSocketUpgradeRequiredError());
  }
  checkVersion(context, means);
  return workingMeans(means);
}

/** The subprotocols that the client offers, the one that it likes best first. */
export function offeredProtocols(context: RequestContext<object>): readonly string[] {
  const value = context.header("sec-websocket-protocol");
  if (value === undefined) {
    return [];
  }
  const protocols = PROTOCOLS.test(value) ? value.split(/[ \t]*,[ \t]*/) : [];
  if (protocols.length === 0 || new Set(protocols).size !== protocols.length) {
    throw withoutStack(
      () => new WebSocketHandshakeError("Sec-WebSocket-Protocol must be a list of different tokens."),
    );
  }
  return protocols;
}

function checkVersion(context: RequestContext<object>, means: UpgradeMeans): void {
  const version = context.header("sec-websocket-version");
  const key = context.header("sec-websocket-key");
  if (means.kind === "web" && version === undefined && key === undefined) {
    return;
  }
  if (version !== "13") {
    throw withoutStack(() => new WebSocketVersionError());
  }
  if (key === undefined || !KEY.test(key)) {
    throw withoutStack(() => new WebSocketHandshakeError("Sec-WebSocket-Key must be 16 bytes in base64."));
  }
}

function workingMeans(means: UpgradeMeans): WorkingMeans {
  if (means.kind !== "none") {
    return means;
  }
  switch (means.problem) {
    case "body":
      throw withoutStack(() => new WebSocketHandshakeError("A WebSocket handshake has no body."));
    case "pipelined":
      throw withoutStack(
        () => new WebSocketHandshakeError("A WebSocket handshake must wait for the responses before it."),
      );
    default:
      throw new WebSocketUnsupportedError(
        'The connection could not be taken over from Node\'s HTTP server. Write server.on("upgrade", service.upgradeListener).',
      );
  }
}
