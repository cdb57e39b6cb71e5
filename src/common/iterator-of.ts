/** What streams of Node have besides: their iterators are generators. */
interface Destroyable {
  destroy(): unknown;
  on?(event: "error", listener: () => void): unknown;
}

/**
 * The iterator of a source whose `return()` lets go of the source whatever it does just then. A generator does nothing before
 * it was begun, and waits while what it waits for does: the iterator of a stream of Node would leave its file open.
 */
export function iteratorOf<T>(source: AsyncIterable<T>): AsyncIterator<T> {
  const iterator = source[Symbol.asyncIterator]();
  return isDestroyable(source)
    ? {
        next: () => iterator.next(),
        return: async () => {
          const returned = iterator.return?.();
          // A file that is not there may say so only now, when nobody listens: that would end the process.
          source.on?.("error", () => {});
          source.destroy();
          return (await returned) ?? { done: true, value: undefined };
        },
      }
    : iterator;
}

function isDestroyable(source: object): source is Destroyable {
  return typeof (source as Partial<Destroyable>).destroy === "function";
}
