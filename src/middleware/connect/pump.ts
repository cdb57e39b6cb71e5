import { toBytes } from "../../response/body-stream.ts";
import { type StreamBody, sourceOf } from "../../response/chunk-source.ts";
import { PushedBody } from "../../response/pushed-body.ts";
import { TrailingBody } from "../../response/trailing-body.ts";
import type { RawResponse } from "./node-http.ts";
import type { Recording } from "./recorded-response.ts";

/**
 * Writes the head, then a stream no faster than it is taken. When nobody takes it any more the source is released; when
 * the source fails the response is broken off, and whoever reads the recording gets the error.
 */
export function pump(recording: Recording, body: StreamBody): void {
  recording.trailing = body instanceof TrailingBody ? body : null;
  const { response: raw } = recording;
  if (!raw.headersSent) {
    raw.writeHead(raw.statusCode);
  }
  recording.schedule();
  const source = sourceOf(body);
  let wake = () => {};
  const onClose = () => {
    wake();
    source.release().catch(ignore);
  };
  // In front of those of middleware, which may throw.
  raw.prependOnceListener("close", onClose);
  // One for all of it: `compression` keeps such listeners at its own stream, where `once` does not find them again.
  raw.on("drain", () => wake());
  const taken = () =>
    new Promise<void>((resolve) => {
      wake = resolve;
    });
  const writeAll = async () => {
    const flush = flushOf(raw, body);
    while (!raw.destroyed) {
      const { done, value } = await source.next();
      if (done === true || raw.destroyed) {
        break;
      }
      const takesMore = raw.write(typeof value === "string" ? value : toBytes(value));
      flush();
      if (!takesMore && !raw.destroyed) {
        await taken();
      }
    }
    raw.off("close", onClose);
    raw.end();
  };
  writeAll().catch((error: unknown) => {
    raw.off("close", onClose);
    source.release().catch(ignore);
    recording.breakOff(error as Error);
  });
}

/** Events must not wait in a compressor until it is full: `compression` has `flush` for that. */
function flushOf(raw: RawResponse & { flush?: () => void }, body: StreamBody): () => void {
  const isEvents =
    body instanceof PushedBody || String(raw.getHeader("content-type")).includes("event-stream");
  return isEvents ? () => raw.flush?.() : ignore;
}

function ignore(): void {}
