/** Where a user may write one value or an array of them. */
export type OneOrMany<T> = T | readonly T[];

/** The values of a {@link OneOrMany}. */
export function toArray<T>(oneOrMany: OneOrMany<T>): readonly T[] {
  return Array.isArray(oneOrMany) ? (oneOrMany as readonly T[]) : [oneOrMany as T];
}
