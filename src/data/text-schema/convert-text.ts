/** A number as JSON writes it (RFC 8259 §6), but zeros may stand in front: `?month=08`. Not `0x10`, `1_000`, `Infinity`. */
const DECIMAL = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const DIGITS = /^-?\d+$/;
/** No number that a double can tell from its neighbours is longer; a text of a megabyte must not be parsed. */
const LONGEST_NUMBER = 64;

/**
 * The number that a text stands for, else the value itself, which the rule then refuses.
 *
 * Whole numbers that a double cannot hold are refused as well: `9007199254740993` would be 9007199254740992, another
 * one's id.
 */
export function toNumber(value: unknown): unknown {
  if (typeof value !== "string" || value.length > LONGEST_NUMBER || !DECIMAL.test(value)) {
    return value;
  }
  const number = Number(value);
  const isLost = !Number.isFinite(number) || (DIGITS.test(value) && !Number.isSafeInteger(number));
  return isLost ? value : number;
}

/** The boolean that a text, or 1 or 0, stands for, as fastest-validator has it; else the value itself. */
export function toBoolean(value: unknown): unknown {
  switch (value) {
    case "true":
    case "1":
    case "on":
    case 1:
      return true;
    case "false":
    case "0":
    case "off":
    case 0:
      return false;
    default:
      return value;
  }
}

/** RFC 3339, and a date by itself. A time without an offset would be another one on each server. */
const DATE = /^\d{4}-\d\d-(\d\d)(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d))?$/i;

/**
 * The date that a text stands for, in RFC 3339 or as `2026-11-21`, which is midnight UTC; else the value itself.
 *
 * @param fromEpoch whether milliseconds since 1970 are a date, too
 */
export function toDate(value: unknown, fromEpoch: boolean): unknown {
  if (fromEpoch && (typeof value === "number" || (typeof value === "string" && DIGITS.test(value)))) {
    return new Date(Number(value));
  }
  const parts = typeof value === "string" && value.length <= LONGEST_NUMBER ? DATE.exec(value) : null;
  if (parts === null) {
    return value;
  }
  const text = parts[0].toUpperCase();
  // Engines make February 30 March 2.
  return new Date(text.slice(0, 10)).getUTCDate() === Number(parts[1]) ? new Date(text) : value;
}

/** The member of an enum that a text stands for: 1 for "1", unless "1" is a member itself. Else the value itself. */
export function toMember(members: readonly unknown[], value: unknown): unknown {
  if (typeof value !== "string" || members.includes(value)) {
    return value;
  }
  const member = members.find((each) => isPlain(each) && String(each) === value);
  return member === undefined ? value : member;
}

function isPlain(value: unknown): boolean {
  return typeof value === "number" || typeof value === "boolean";
}
