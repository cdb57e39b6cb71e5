/**
 * Lets instances of a class count as those of the platform's class that `platform` gives the prototype of, without
 * loading that class before somebody looks: Node takes 20 to 50 ms to load its whole fetch, which many programs never
 * use. `instanceof`, and a look for a property that the class itself does not have, put the real prototype in place.
 *
 * Decision 0029 has the reasons.
 */
export function linkWhenAsked(own: object, platform: () => object): void {
  if (Object.getPrototypeOf(own) !== Object.prototype) {
    return;
  }
  const link = (): object => {
    const prototype = platform();
    Object.setPrototypeOf(own, prototype);
    return prototype;
  };
  // Whoever awaits an instance looks for it, which must neither load anything nor pass through the proxy each time.
  // biome-ignore lint/suspicious/noThenProperty: it says that an instance is no promise.
  Object.defineProperty(own, "then", { value: undefined, writable: true, configurable: true });
  const unlinked = new Proxy(Object.create(null) as object, {
    getPrototypeOf: link,
    has: (_, key) => Reflect.has(link(), key),
    get: (_, key, instance) => Reflect.get(link(), key, instance),
    set: (_, key, value, instance) => Reflect.set(link(), key, value, instance),
  });
  Object.setPrototypeOf(own, unlinked);
}
