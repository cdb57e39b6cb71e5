import { RequestContext } from "../../request/request-context.ts";
import { InvalidResponseError } from "../../response/into-response.ts";
import { SWITCHING_PROTOCOLS, UpgradeResponse } from "../../response/upgrade-response.ts";

/** Workers: the client's end of a `WebSocketPair` goes out with the response. */
type WorkersResponse = Response & { readonly webSocket?: unknown };

/**
 * The answer of an app that has opened a WebSocket through the platform, if it is one: a 101 on Deno and Workers, nothing
 * at all on Bun. It reaches the platform as it is, once it has come through all layers.
 *
 * Throws an `InvalidResponseError` (`ARGANIA_INVALID_RESPONSE`) on Node, where fetch has no upgrades.
 */
export function upgradeOf(value: unknown, context: RequestContext<object>): UpgradeResponse | null {
  const isUpgrade =
    value === undefined
      ? "Bun" in globalThis && context.header("upgrade") !== undefined
      : (value as Partial<Response> | null)?.status === SWITCHING_PROTOCOLS;
  if (!isUpgrade || value instanceof UpgradeResponse) {
    return null;
  }
  if (RequestContext.sourceOf(context).upgradeMeans.kind !== "web") {
    throw new InvalidResponseError(
      "A fetch app answered with the status 101, and this connection cannot be upgraded through fetch: it can on Deno, Bun and Workers. On Node use webSocketUpgrade() of argania/websocket beside the app.",
    );
  }
  return new UpgradeResponse({
    onNode: () => {
      throw new InvalidResponseError("An upgrade answers the request that it was made for, and no other.");
    },
    onWeb: (headers) => withHeaders(value as WorkersResponse, headers),
  });
}

function withHeaders(response: WorkersResponse, list: readonly string[]): Response {
  if (list.length === 0 || response === undefined) {
    return response;
  }
  const { status, webSocket } = response;
  const headers = webSocket === undefined ? response.headers : new Headers(response.headers);
  try {
    for (let index = 0; index < list.length; index += 2) {
      headers.append(list[index] as string, list[index + 1] as string);
    }
  } catch {
    // Deno opens the WebSocket by this very object, whose headers may be immutable.
    return response;
  }
  return webSocket === undefined
    ? response
    : new Response(null, { status, headers, webSocket } as ResponseInit);
}
