/** Values by name, in an object without a prototype. */
export type Fields<Value = string> = Record<string, Value | Value[]>;

/** Adds a value under its name; a name that occurs several times has an array. */
export function appendField<Value>(fields: Fields<Value>, name: string, value: Value): void {
  const before = fields[name];
  if (before === undefined) {
    fields[name] = value;
  } else if (Array.isArray(before)) {
    before.push(value);
  } else {
    fields[name] = [before, value];
  }
}
