import { endGently } from "./node-closing.ts";
import { rawHeader } from "./node-headers.ts";
import type { NodeRequest, NodeResponseEvents } from "./node-types.ts";

/** A body of this length is taken and thrown away, so that its connection can be used again, in bytes. */
const SMALL = 65_536;

/**
 * For a body that is too large: sees to it that the rest is not taken after the response. On HTTP/1 the connection
 * ends with that response, since what follows on it is still the body; on HTTP/2 the stream does.
 */
export function refuseBody(request: NodeRequest, response: NodeResponseEvents): void {
  if (request.httpVersionMajor >= 2) {
    const { stream } = request;
    // RFC 9113 §8.1: a server that has answered may ask the client to stop, without an error.
    stream?.once?.("finish", () => {
      stream.close?.(NO_ERROR);
      // What has come is thrown away: Node lets go of a stream only at its end.
      request.resume();
    });
    return;
  }
  if (Number(rawHeader(request.rawHeaders, "content-length")) <= SMALL) {
    return;
  }
  response.shouldKeepAlive = false;
  if (request.socket !== undefined) {
    endGently(request.socket);
  }
}

const NO_ERROR = 0;
