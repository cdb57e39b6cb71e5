/** Requests that had to wait for their turn. */
const deferred = new WeakSet<object>();
/** Most servers never have one: then nothing is looked up. */
let isAny = false;

/** Says that `request` is served later than it came: Node's parser has gone on, and lets go of the connection no more. */
export function markDeferred(request: object): void {
  isAny = true;
  deferred.add(request);
}

export function isDeferred(request: object): boolean {
  return isAny && deferred.has(request);
}
