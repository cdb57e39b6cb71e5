/** Requests that had to wait for their turn. */
const deferred = new WeakSet<object>();

/** Says that `request` is served later than it came: Node's parser has gone on, and lets go of the connection no more. */
export function markDeferred(request: object): void {
  deferred.add(request);
}

export function isDeferred(request: object): boolean {
  return deferred.has(request);
}
