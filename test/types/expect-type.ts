/** `true` when both types are the same, not merely assignable. */
export type Equal<One, Other> =
  (<T>() => T extends One ? 1 : 2) extends <T>() => T extends Other ? 1 : 2 ? true : false;

/** Fails to compile unless the type argument is `true`. */
export function assertType<_Holds extends true>(): void {}
