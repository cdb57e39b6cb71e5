/**
 * Refuses arguments that a definition would drop in silence, guards among them: nothing checks the types of a program that
 * is run without its type checker. The index and the array that `map` and `forEach` hand over are let through.
 *
 * Throws a `TypeError`.
 *
 * @param more what stands behind the arguments that are taken
 * @param taken what is taken, as a sentence: `"addHost takes one host, or an array"`
 * @param instead what to write: `"addHost([a, b])"`
 */
export function assertNoMore(more: readonly unknown[], taken: string, instead: string): void {
  const isIteration = more.length === 2 && typeof more[0] === "number" && Array.isArray(more[1]);
  if (more.length > 0 && !isIteration) {
    throw new TypeError(`${taken}, and would drop what is behind that: write ${instead}.`);
  }
}
