import type { MaybePromise } from "../../common/maybe-promise.ts";

export interface SaveOptions {
  /** After how many seconds the store may forget the session. The session expires by itself: this is for cleaning up. */
  readonly ttl: number;
  /**
   * Whether this is the first time that the id is saved. If not, and the id is there no more, nothing must be saved:
   * somebody has logged out meanwhile, and would be logged in again.
   */
  readonly isNew: boolean;
}

/**
 * Where sessions are kept on the server. What is kept is text; ids are random (122 bits), and never leave the server
 * other than encrypted.
 *
 * @example
 * ```ts
 * const store: SessionStore = {
 *   load: (id) => redis.get(`session:${id}`),
 *   save: async (id, text, { ttl, isNew }) =>
 *     (await redis.set(`session:${id}`, text, { EX: ttl, ...(isNew ? {} : { XX: true }) })) !== null,
 *   delete: (id) => redis.del(`session:${id}`),
 * };
 * ```
 */
export interface SessionStore {
  /** The text that was saved, or nothing. */
  load(id: string): MaybePromise<string | null | undefined>;
  /** Saves a text in the place of an earlier one. Returns `false` when the id is gone: see {@link SaveOptions.isNew}. */
  save(id: string, text: string, options: SaveOptions): MaybePromise<boolean | void>;
  /** Forgets an id, which need not be there. */
  delete(id: string): MaybePromise<unknown>;
}
