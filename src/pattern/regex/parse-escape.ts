import {
  type CodePointSet,
  DIGITS,
  LAST_CODE_POINT,
  NOT_DIGITS,
  NOT_SPACES,
  NOT_WORD_CHARACTERS,
  SPACES,
  WORD_CHARACTERS,
} from "./code-point-set.ts";
import { propertySet } from "./property-set.ts";
import type { RegexCursor } from "./regex-cursor.ts";

const CLASS_ESCAPES: ReadonlyMap<string, CodePointSet> = new Map([
  ["d", DIGITS],
  ["D", NOT_DIGITS],
  ["w", WORD_CHARACTERS],
  ["W", NOT_WORD_CHARACTERS],
  ["s", SPACES],
  ["S", NOT_SPACES],
]);

const CONTROL_ESCAPES: ReadonlyMap<string, number> = new Map([
  ["t", 0x09],
  ["n", 0x0a],
  ["v", 0x0b],
  ["f", 0x0c],
  ["r", 0x0d],
]);

/** ECMA-262 IdentityEscape with the flag `u`: SyntaxCharacter or `/`, nothing else. */
const IDENTITY = "^$\\.*+?()[]{}|/";

const PROPERTY = /\{[A-Za-z0-9_]+(?:=[A-Za-z0-9_]+)?\}/y;
const CONTROL_LETTER = /[A-Za-z]/y;
const HEX_2 = /[0-9A-Fa-f]{2}/y;
const HEX_4 = /[0-9A-Fa-f]{4}/y;
const HEX_BRACED = /\{([0-9A-Fa-f]+)\}/y;
const TRAIL = /\\u([Dd][C-Fc-f][0-9A-Fa-f]{2})/y;
const NUMBER = /[0-9]+/y;

/**
 * Reads an escape with the cursor behind its backslash: one code point, or a set for `\d`, `\p{…}` and such.
 *
 * @throws RegexSyntaxError for escapes that do not exist, and for backreferences.
 */
export function parseEscape(cursor: RegexCursor): number | CodePointSet {
  const start = cursor.position - 1;
  if (cursor.atEnd) cursor.fail(start, "a backslash at the end", "Write \\\\ for a backslash.");
  const letter = cursor.unit;
  if (letter >= "0" && letter <= "9") return parseNumber(cursor, start);
  const simple = CLASS_ESCAPES.get(letter) ?? CONTROL_ESCAPES.get(letter);
  if (simple === undefined && !IDENTITY.includes(letter)) return parseLongEscape(cursor, letter, start);
  cursor.position += 1;
  return simple ?? letter.charCodeAt(0);
}

function parseNumber(cursor: RegexCursor, start: number): number {
  const digits = cursor.match(NUMBER)![0];
  if (digits === "0") return 0;
  if (digits.startsWith("0")) {
    cursor.fail(start, "octal escapes do not exist in u mode", "Write \\xHH with two hexadecimal digits.");
  }
  return failBackreference(cursor, start, `\\${digits}`);
}

function failBackreference(cursor: RegexCursor, start: number, text: string): never {
  const hint = "Repeat the pattern of the group, and compare the captured texts in the handler.";
  return cursor.fail(start, `the backreference ${text} is not supported`, hint);
}

function parseLongEscape(cursor: RegexCursor, letter: string, start: number): number | CodePointSet {
  cursor.codePoint();
  switch (letter) {
    case "p":
    case "P":
      return parseProperty(cursor, letter, start);
    case "u":
      return parseUnicode(cursor, start);
    case "x":
      return (
        hexOf(cursor.match(HEX_2)) ?? cursor.fail(start, "\\x needs two hexadecimal digits", "E.g. \\x2f.")
      );
    case "c": {
      const control = cursor.match(CONTROL_LETTER);
      if (control === null) return cursor.fail(start, "\\c needs a letter", "E.g. \\cJ for a line feed.");
      return control[0].charCodeAt(0) % 32;
    }
    case "k":
      return failBackreference(cursor, start, "\\k");
    default: {
      const text = cursor.source.slice(start + 1, cursor.position);
      return cursor.fail(
        start,
        `the escape \\${text} does not exist`,
        `Write ${text} without the backslash.`,
      );
    }
  }
}

function hexOf(match: RegExpExecArray | null): number | undefined {
  return match === null ? undefined : Number.parseInt(match[1] ?? match[0], 16);
}

function parseUnicode(cursor: RegexCursor, start: number): number {
  const point = hexOf(cursor.match(HEX_BRACED)) ?? hexOf(cursor.match(HEX_4));
  if (point === undefined || point > LAST_CODE_POINT) {
    return cursor.fail(start, "\\u needs a code point", "Write \\uHHHH, or \\u{H…} up to \\u{10FFFF}.");
  }
  const isLead = point >= 0xd800 && point <= 0xdbff && cursor.source.charAt(start + 2) !== "{";
  const trail = isLead ? hexOf(cursor.match(TRAIL)) : undefined;
  return trail === undefined ? point : (point - 0xd800) * 0x400 + (trail - 0xdc00) + 0x10000;
}

function parseProperty(cursor: RegexCursor, letter: string, start: number): CodePointSet {
  const name = cursor.match(PROPERTY);
  try {
    if (name !== null) return propertySet(`\\${letter}${name[0]}`);
  } catch {
    // The native SyntaxError knows neither the index nor a hint: replaced below.
  }
  return cursor.fail(start, "an unknown Unicode property", "E.g. \\p{L}, \\p{Lu} or \\p{Script=Greek}.");
}
