/** A value, or the promise of one. Nothing in Argania makes a promise unless user code returned one. */
export type MaybePromise<T> = T | Promise<T>;

/** Whether `value` must be awaited: any thenable counts, as for `await`. */
export function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function"
  );
}

/** Continues with `next` at once when `value` is there, later when it is only promised. */
export function chain<T, U>(value: MaybePromise<T>, next: (value: T) => MaybePromise<U>): MaybePromise<U> {
  return isPromiseLike(value) ? (value as Promise<T>).then(next) : next(value as T);
}
