import { isPromiseLike } from "../../common/maybe-promise.ts";
import type { WebSocketConnection } from "./web-socket-connection.ts";
import { WebSocketClosedError, WebSocketReadingError } from "./web-socket-errors.ts";

/** What a WebSocket is used for, from its first message to its last. */
export type WebSocketCallback = (socket: WebSocketConnection) => unknown;

/**
 * Runs what the application has for a WebSocket. When that has ended, so does the WebSocket: with 1000, or with 1011
 * when it failed, which is reported. That it could not send any more, because its own client had gone, is no failure.
 */
export function runCallback(
  callback: WebSocketCallback,
  connection: WebSocketConnection,
  report: (error: unknown) => void,
): void {
  const failures = new Set<unknown>();
  const fail = (error: unknown): void => {
    if (failures.has(error)) {
      // What a callback of `eachMessage` threw, which its promise has been rejected with, too.
      return;
    }
    failures.add(error);
    if (connection.isOpen || !isClosing(error)) {
      report(error);
    }
    connection.close(1011);
  };
  const succeed = (): void => {
    if (connection.isOpen && connection.isDelivering) {
      fail(new WebSocketReadingError(LEFT_ALONE));
    } else {
      connection.close();
    }
  };
  connection.onFailure(fail);
  try {
    const running = callback(connection);
    if (isPromiseLike(running)) {
      Promise.resolve(running).then(succeed, fail);
    } else {
      succeed();
    }
  } catch (error) {
    fail(error);
  }
}

const LEFT_ALONE =
  "The callback of a WebSocket ended while its eachMessage was reading, and the WebSocket ends with it. Write return socket.eachMessage(…), or await it; to stop reading, close() the socket.";

/** What comes of a connection's end: from its `send`, or something that was called off through its `signal`. */
function isClosing(error: unknown): boolean {
  return (
    error instanceof WebSocketClosedError ||
    (error as Partial<Error> | null | undefined)?.name === "AbortError"
  );
}
