import { endGently } from "../request/node-closing.ts";
import type { NodeSocket } from "../request/node-types.ts";

/** A `ServerResponse` that has the connection. */
interface EarlierResponse {
  emit(event: string, ...values: unknown[]): boolean;
  on(event: string, listener: () => void): unknown;
  off(event: string, listener: () => void): unknown;
}

/** A connection that Node's parser has let go of, maybe with responses to earlier requests under way. */
export interface QueueingSocket extends NodeSocket {
  /** Whose turn it is. Node does not document it, and gives it to the next one when this one is out. */
  readonly _httpMessage?: EarlierResponse | null | undefined;
}

/** What a response emits that gives its connection back without an answer. */
const GIVEN_BACK = "argania:given-back";

/** Has those wait no longer that wait for `response`. */
export function giveBack(response: { emit(event: string): unknown }): void {
  response.emit(GIVEN_BACK);
}

/**
 * Calls `proceed` when the responses in front of a request for an upgrade are out: a client may send it without waiting for
 * them (RFC 9112 §9.3.2), and Node emits `"upgrade"` at once, which for these takes the connection's listeners away, too.
 * Never calls it when the connection is over by then.
 *
 * @param isOwn whether nobody else was given the connection: then what the client sends meanwhile is thrown away, so that its
 *   going away is seen, and the timeout of the server counts as before
 * @param proceed is told whether anything was answered: another listener may have left the request to this one
 */
export function afterEarlierResponses(
  socket: QueueingSocket,
  isOwn: boolean,
  proceed: (isBehindAnswer: boolean) => void,
): void {
  let earlier: EarlierResponse | undefined;
  let isBehindAnswer = false;
  const look = () => {
    const current = socket._httpMessage ?? undefined;
    const isOver = socket.destroyed || socket.writableEnded;
    if (current !== undefined && current === earlier && !isOver) {
      return;
    }
    earlier?.off("finish", onFinish);
    earlier?.off("close", look);
    earlier?.off(GIVEN_BACK, look);
    earlier = isOver ? undefined : current;
    earlier?.on("finish", onFinish);
    earlier?.on("close", look);
    earlier?.on(GIVEN_BACK, look);
    if (earlier === undefined) {
      release();
    }
    if (earlier === undefined && !isOver) {
      proceed(isBehindAnswer);
    }
  };
  const onFinish = () => {
    isBehindAnswer = true;
    look();
  };
  const release = keepUp(socket, isOwn, () => earlier);
  look();
}

/** Does for a response what Node's listeners did. Gives what ends that. */
function keepUp(
  socket: QueueingSocket,
  isOwn: boolean,
  response: () => EarlierResponse | undefined,
): () => void {
  const listeners: [string, () => void][] = [["drain", () => void response()?.emit("drain")]];
  if (isOwn) {
    const onTimeout = () => {
      const { server } = socket as { readonly server?: Partial<EarlierResponse> };
      const isHeard = [response()?.emit("timeout", socket), server?.emit?.("timeout", socket)].includes(true);
      if (!isHeard) {
        socket.destroy();
      }
    };
    listeners.push(["end", () => void socket.destroy()], ["timeout", onTimeout]);
    endGently(socket);
    socket.resume?.();
  }
  for (const [event, listener] of listeners) {
    socket.on?.(event, listener);
  }
  return () => {
    for (const [event, listener] of listeners) {
      socket.off?.(event, listener);
    }
  };
}
