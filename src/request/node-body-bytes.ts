import { ByteCollector } from "../common/byte-collector.ts";
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
 */
export function collectBytes<T>(
  request: NodeRequest,
  response: NodeResponseEvents,
  limit: number,
  convert: ConvertBytes<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const collector = new ByteCollector();
    const onData = (data: unknown) => {
      const chunk = data as Uint8Array;
      if (collector.length + chunk.byteLength > limit) {
        detach();
        request.pause();
        refuseBody(request, response);
        settle(null);
      } else {
        collector.add(chunk);
      }
    };
    const onEnd = () => {
      detach();
      settle(collector.whole());
    };
    const settle = (bytes: Uint8Array | null) => {
      try {
        resolve(convert(bytes));
      } catch (error) {
        reject(error);
      }
    };
    const onClose = () => onError(clientClosed());
    const onError = (error: unknown) => {
      detach();
      // As Node calls it when there is a listener for errors.
      const isReset = (error as NodeJS.ErrnoException | null)?.code === "ECONNRESET";
      reject(isReset ? clientClosed() : error);
    };
    const isHttp2 = request.httpVersionMajor >= 2;
    const detach = () => {
      request.off("data", onData);
      request.off("end", onEnd);
      request.off("close", onClose);
      request.off("error", onError);
      if (isHttp2) {
        request.off("aborted", onClose);
      }
    };
    request.on("end", onEnd);
    request.on("close", onClose);
    request.on("error", onError);
    if (isHttp2) {
      // There a body that was cut off has an "end" as well, which comes later.
      request.on("aborted", onClose);
    }
    request.on("data", onData);
    // A listener alone does not set a request going that somebody has paused.
    request.resume();
  });
}
