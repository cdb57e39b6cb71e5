import { ArganiaError } from "../../common/argania-error.ts";
import { DefinitionError } from "../../common/definition-error.ts";
import { ErrorResponse } from "../../response/error-response.ts";

/** RFC 9110 §15.5.22: a 426 says what to upgrade to. */
const UPGRADE = { upgrade: "websocket" };

/** An ordinary request for a resource that speaks WebSocket only. */
export class WebSocketUpgradeRequiredError extends ErrorResponse {
  readonly code = "ARGANIA_WEBSOCKET_UPGRADE_REQUIRED";
  readonly status = 426;

  constructor(message = "This resource answers WebSocket handshakes only.") {
    super(message, { headers: UPGRADE });
  }
}

/** A handshake for another version of the protocol than 13, the only one that there is (RFC 6455 §4.4). */
export class WebSocketVersionError extends ErrorResponse {
  readonly code = "ARGANIA_WEBSOCKET_VERSION";
  readonly status = 426;

  constructor() {
    super("The WebSocket version must be 13.", {
      headers: { ...UPGRADE, "sec-websocket-version": "13" },
    });
  }
}

/** A malformed handshake (RFC 6455 §4.2.1). */
export class WebSocketHandshakeError extends ErrorResponse {
  readonly code = "ARGANIA_WEBSOCKET_HANDSHAKE";
  readonly status = 400;
}

/** A page of another origin asks for a WebSocket (RFC 6455 §10.2): the browser would send this site's cookies with it. */
export class WebSocketOriginError extends ErrorResponse {
  readonly code = "ARGANIA_WEBSOCKET_ORIGIN";
  readonly status = 403;

  constructor() {
    super("Pages of this origin may not open this WebSocket.");
  }
}

/** The runtime, or the server that the service runs in, gives no way to upgrade. The `cause` says what to write instead. */
export class WebSocketUnsupportedError extends ErrorResponse {
  readonly code = "ARGANIA_WEBSOCKET_UNSUPPORTED";
  readonly status = 501;

  constructor(advice: string) {
    super("This server cannot open WebSockets.", { cause: new Error(advice) });
  }
}

/** Something was sent to a WebSocket that is closed, or about to be. */
export class WebSocketClosedError extends ArganiaError {
  readonly code = "ARGANIA_WEBSOCKET_CLOSED";

  constructor() {
    super("The WebSocket is closed: send only while isOpen is true.");
  }
}

/** Two things read the messages of one WebSocket, or the callback of the WebSocket ended before its `eachMessage`. */
export class WebSocketReadingError extends ArganiaError {
  readonly code = "ARGANIA_WEBSOCKET_READING";
}

/** An option of `webSocketUpgrade()` that is unknown or of the wrong kind. */
export class WebSocketOptionError extends DefinitionError {
  readonly code = "ARGANIA_WEBSOCKET_OPTION";

  constructor(problem: string) {
    super(problem, []);
  }
}

/** The package `ws`, which WebSockets on Node need, is missing or too old. */
export class WebSocketPackageError extends ArganiaError {
  readonly code = "ARGANIA_WEBSOCKET_PACKAGE";
}
