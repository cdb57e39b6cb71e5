/** The bytes that have gone by so far. */
export interface Meter {
  bytes: number;
}

/** The same chunks, counted; fails with what `refuse` makes as soon as there are more bytes than `most` says. */
export function boundedChunks(
  chunks: AsyncIterableIterator<Uint8Array>,
  meter: Meter,
  most: () => number,
  refuse: () => unknown,
): AsyncIterableIterator<Uint8Array> {
  return {
    async next() {
      const result = await chunks.next();
      if (result.done !== true) {
        meter.bytes += result.value.byteLength;
        if (meter.bytes > most()) {
          throw refuse();
        }
      }
      return result;
    },
    async return() {
      return (await chunks.return?.()) ?? { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
