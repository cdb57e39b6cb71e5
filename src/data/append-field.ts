/** Values by name, in an object without a prototype. */
export type Fields = Record<string, string | string[]>;

/** Adds a value under its name; a name that occurs several times has an array. */
export function appendField(fields: Fields, name: string, value: string): void {
  const before = fields[name];
  if (before === undefined) {
    fields[name] = value;
  } else if (Array.isArray(before)) {
    before.push(value);
  } else {
    fields[name] = [before, value];
  }
}
