/**
 * A typed key of the per-request store.
 *
 * @example
 * ```ts
 * const user = new ExtensionKey<User>("user");
 * const authenticate = around(async (context, next) => { context.extensions.set(user, await load(context)); return next(); });
 * root.setHandlerFor(_get.to(({ extensions }) => extensions.getOrThrow(user).name));
 * ```
 */
export class ExtensionKey<T> {
  readonly name: string;
  /** Only for the type checker: makes keys of different values different types. */
  declare readonly valueType?: (value: T) => T;

  constructor(name: string) {
    this.name = name;
  }
}

/** Values that layers and handlers of one request share, each under a typed key. */
export class RequestExtensions {
  readonly #values = new Map<object, unknown>();

  get<T>(key: ExtensionKey<T>): T | undefined {
    return this.#values.get(key) as T | undefined;
  }

  /** Like `get`, but throws a `TypeError` that names the key when nobody has set it. */
  getOrThrow<T>(key: ExtensionKey<T>): T {
    if (!this.has(key)) {
      throw new TypeError(
        `No request extension "${key.name}": is the layer that sets it on the way to this handler?`,
      );
    }
    return this.get(key) as T;
  }

  has<T>(key: ExtensionKey<T>): boolean {
    return this.#values.has(key);
  }

  set<T>(key: ExtensionKey<T>, value: T): this {
    this.#values.set(key, value);
    return this;
  }

  delete<T>(key: ExtensionKey<T>): boolean {
    return this.#values.delete(key);
  }
}
