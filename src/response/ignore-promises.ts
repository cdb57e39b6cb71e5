/**
 * Gives each promise in a value that has become JSON somebody who hears of its failure: what was forgotten would end the
 * process otherwise. What is no promise of the platform runs perhaps only when it is asked, and stays alone.
 */
export function ignorePromises(root: unknown): void {
  // Grows while it is gone through, and has each once: what JSON has not looked into may hold circles.
  const values = new Set<unknown>([root]);
  for (const value of values) {
    if (value instanceof Promise) {
      value.catch(() => {});
    } else if (typeof value === "object" && value !== null && !("toJSON" in value)) {
      for (const inner of Object.values(value)) {
        values.add(inner);
      }
    }
  }
}
