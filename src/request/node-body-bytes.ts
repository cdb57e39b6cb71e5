import { ByteCollector } from "../common/byte-collector.ts";
import { type ChunkSink, canTakeFromParser, takeFromParser, takeFromStream } from "./node-chunks.ts";
import type { NodeRequest, NodeResponseEvents } from "./node-types.ts";
import { refuseBody } from "./refuse-body.ts";
import type { ConvertBytes } from "./request-source.ts";

/** What reading fails with when nobody is there any more. */
export function clientClosed(): DOMException {
  return new DOMException("The client closed the connection.", "AbortError");
}

/**
 * What `convert` makes of all bytes of a request's body, read without web streams, or of `null` as soon as more than
 * `limit` have come. Rejects when the client goes away before the end.
 *
 * @param isOwn whether nobody else will read the request
 */
export function collectBytes<T>(
  request: NodeRequest,
  response: NodeResponseEvents,
  limit: number,
  convert: ConvertBytes<T>,
  isOwn: boolean,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const collector = new ByteCollector();
    const settle = (bytes: Uint8Array | null) => {
      release();
      try {
        resolve(convert(bytes));
      } catch (error) {
        reject(error);
      }
    };
    const sink: ChunkSink = {
      add: (chunk) => {
        if (collector.length + chunk.byteLength > limit) {
          request.pause();
          refuseBody(request, response);
          settle(null);
        } else {
          collector.add(chunk);
        }
      },
      end: () => settle(collector.whole()),
      fail: (error) => {
        release();
        // As Node calls it when there is a listener for errors.
        const isReset = (error as NodeJS.ErrnoException | null)?.code === "ECONNRESET";
        reject(error === null || isReset ? clientClosed() : error);
      },
    };
    const take = isOwn && canTakeFromParser(request) ? takeFromParser : takeFromStream;
    const release = take(request, sink);
  });
}
