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

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    Object.defineProperty(this, "name", { value: new.target.name, configurable: true, writable: true });
  }
}
