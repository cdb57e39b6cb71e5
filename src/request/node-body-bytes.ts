import { boundToRequest } from "../common/request-binding.ts";
import type { BodyCollector, BodyRefusal } from "./body-collector.ts";
import { type ChunkSink, canTakeFromParser, takeFromParser, takeFromStream } from "./node-chunks.ts";
import type { NodeRequest, NodeResponseEvents } from "./node-types.ts";
import { refuseBody } from "./refuse-body.ts";
import type { ConvertBytes } from "./request-source.ts";

/**
 * What reading fails with when nobody is there any more.
 *
 * @param error Node's, if it has one; it is kept unless it says the same: so Node calls it when there is a listener
 */
export function clientClosed(error: unknown = null): unknown {
  const isReset = (error as NodeJS.ErrnoException | null)?.code === "ECONNRESET";
  return error === null || isReset ? new DOMException("The connection was closed.", "AbortError") : error;
}

/**
 * What `convert` makes of all bytes of a request's body, read without web streams, or of the collector's refusal as soon
 * as there is one. Rejects when the client goes away before the end.
 *
 * @param isOwn whether nobody else will read the request
 */
export function collectBytes<T>(
  request: NodeRequest,
  response: NodeResponseEvents,
  collector: BodyCollector,
  convert: ConvertBytes<T>,
  isOwn: boolean,
): Promise<T> {
  return new Promise((resolve, reject) => {
    // Part of that is a user's schema, and the parser's events belong to no request.
    const settle = boundToRequest((body: Uint8Array | BodyRefusal) => {
      release();
      try {
        resolve(convert(body));
      } catch (error) {
        reject(error);
      }
    });
    const sink: ChunkSink = {
      add: (chunk) => {
        const refusal = collector.add(chunk);
        if (refusal !== null) {
          request.pause();
          refuseBody(request, response);
          collector.discard();
          settle(refusal);
        }
      },
      end: () => settle(collector.whole()),
      fail: (error) => {
        release();
        collector.discard();
        reject(clientClosed(error));
      },
    };
    const take = isOwn && canTakeFromParser(request) ? takeFromParser : takeFromStream;
    const release = take(request, sink);
  });
}
