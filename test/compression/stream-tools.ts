import { get, type IncomingMessage } from "node:http";
import * as zlib from "node:zlib";
import { respond } from "argania";

export function open(port: number, coding: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get({ port, headers: { "accept-encoding": coding }, agent: false }, resolve).on("error", reject);
  });
}

export function decoderOf(coding: string): zlib.Gunzip {
  const { createZstdDecompress } = zlib as unknown as { createZstdDecompress: () => zlib.Gunzip };
  return coding === "gzip"
    ? zlib.createGunzip()
    : coding === "br"
      ? zlib.createBrotliDecompress()
      : createZstdDecompress();
}

export const respondWith = (body: AsyncIterable<unknown>) => respond({ "content-type": "text/plain" }, body);

/** Gives what `next` promises, and says when it is let go of. */
export function sourceOf(next: () => Promise<unknown>) {
  const state = { pulls: 0, isReleased: false };
  const body = {
    [Symbol.asyncIterator]: () => ({
      async next() {
        state.pulls++;
        const value = await next();
        return value === undefined ? { done: true, value } : { done: false, value };
      },
      async return() {
        state.isReleased = true;
        return { done: true, value: undefined };
      },
    }),
  };
  return { state, body };
}
