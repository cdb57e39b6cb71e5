import { describeValue } from "../../common/describe-value.ts";

/** setInterval takes no more. */
const LONGEST = 2 ** 31 - 1;

/** A misspelt option would be left out in silence. */
export function refuseUnknown(options: object, names: readonly string[]): void {
  if (typeof options !== "object" || options === null) {
    throw new TypeError(`Options are an object such as { ${names[0]} }, not ${describeValue(options)}.`);
  }
  for (const name of Object.keys(options)) {
    if (!names.includes(name)) {
      throw new TypeError(`There is no option "${name}". The options are ${names.join(", ")}.`);
    }
  }
}

export function checkedSize(name: string, value: number): number {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new RangeError(`${name} is a whole number from 0 on, not ${describe(value)}.`);
  }
  return value;
}

export function checkedInterval(name: string, value: number): number {
  if (!Number.isInteger(value) || value < 1 || value > LONGEST) {
    throw new RangeError(
      `${name} is a whole number of milliseconds from 1 to ${LONGEST}, or null for none, not ${describe(value)}.`,
    );
  }
  return value;
}

function describe(value: unknown): string {
  return typeof value === "number" ? String(value) : describeValue(value);
}
