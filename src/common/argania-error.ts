/**
 * The root of every error that Argania itself makes.
 *
 * `code` never changes between releases, so that programs can tell errors apart without reading messages.
 *
 * @example
 * ```ts
 * try { root.addSubresource(new Resource("/")); }
 * catch (error) { if (error instanceof ArganiaError) console.error(error.code); }
 * ```
 */
export abstract class ArganiaError extends Error {
  abstract readonly code: string;
}

// On the prototype, since errors are made for every 404: an own property for each would cost more than the rest.
Object.defineProperty(ArganiaError.prototype, "name", {
  get(this: ArganiaError): string {
    return this.constructor.name;
  },
  configurable: true,
});

/**
 * Makes an error without a stack trace. Answers such as 404 are errors so that layers can catch them, but no mistake
 * of anybody's code: walking the stack would cost ten times the rest of the request, at the client's will. The same goes for
 * what `make` throws.
 */
export function withoutStack<T>(make: () => T): T {
  const limit = Error.stackTraceLimit;
  try {
    Error.stackTraceLimit = 0;
    return make();
  } finally {
    Error.stackTraceLimit = limit;
  }
}
