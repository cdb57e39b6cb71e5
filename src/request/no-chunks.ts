/** The chunks of a request without a body. */
export const NO_CHUNKS: AsyncIterableIterator<Uint8Array> = {
  next: async () => ({ done: true, value: undefined }),
  [Symbol.asyncIterator]() {
    return this;
  },
};
