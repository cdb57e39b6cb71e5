import { describeValue } from "./describe-value.ts";

/**
 * Refuses options that would be ignored in silence: what is no object, and names that do not exist.
 *
 * Throws a `TypeError` that lists the names there are.
 *
 * @param owner what the options are for, as users write it: `"CorsLayer"`
 */
export function assertOptions(owner: string, options: unknown, names: readonly string[]): void {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new TypeError(
      `${owner} takes an object of options, not ${describeValue(options)}: write { ${names[0]}: … }.`,
    );
  }
  const unknown = Object.keys(options).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new TypeError(`${owner} has no option "${unknown}". There are: ${names.join(", ")}.`);
  }
}

/**
 * An option that is a whole number from `least` to `greatest`, or its default.
 *
 * Throws a `TypeError` for what is no number, a `RangeError` for one that is out of range.
 */
export function wholeNumberOption(
  owner: string,
  name: string,
  value: unknown,
  { least, greatest, preset }: { least: number; greatest: number; preset: number },
): number {
  if (value === undefined) {
    return preset;
  }
  if (typeof value !== "number") {
    throw new TypeError(`${name} of ${owner} is a number, not ${describeValue(value)}.`);
  }
  if (!Number.isSafeInteger(value) || value < least || value > greatest) {
    throw new RangeError(`${name} of ${owner} is a whole number from ${least} to ${greatest}, not ${value}.`);
  }
  return value;
}
