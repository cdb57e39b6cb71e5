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
    endWithAnswer(request);
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

/**
 * For a body whose reader may stop in the middle: on HTTP/2 the rest goes with the answer. Node keeps a stream, and up to
 * 64 KiB of its body, until that has been read, and no limit counts it; with one of them a connection outlives its client.
 */
export function endWithAnswer(request: NodeRequest): void {
  if (request.httpVersionMajor >= 2) {
    request.stream?.once?.("finish", () => endStream(request));
  }
}

/** How long a stream may take to come to its end after its answer, in milliseconds. */
const ENDING_TIME = 500;

/**
 * Takes a little more and throws it away; then asks the client to stop, which RFC 9113 §8.1 lets a server do that has
 * answered. Not at once: clients that are in the middle of sending would miss the answer, as curl 7 does.
 */
function endStream(request: NodeRequest): void {
  const { stream } = request;
  if (request.readableEnded === true || stream?.destroyed === true) {
    return;
  }
  let taken = 0;
  const stop = () => {
    release();
    // Whoever reads it must not take what has come for all of it.
    stream?.emit?.("aborted");
    stream?.close?.(NO_ERROR);
  };
  const onData = (chunk: unknown) => {
    taken += (chunk as Uint8Array).byteLength;
    if (taken > SMALL) {
      stop();
    } else {
      // Whoever has begun to read it may have paused it.
      request.resume();
    }
  };
  const release = () => {
    clearTimeout(timer);
    request.off("data", onData);
    request.off("end", release);
    request.off("close", release);
  };
  const timer = setTimeout(stop, ENDING_TIME);
  request.on("data", onData);
  request.on("end", release);
  request.on("close", release);
  // Node lets go of a stream only at its end.
  request.resume();
}

const NO_ERROR = 0;
