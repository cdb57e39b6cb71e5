import { type CodePointSet, complementOf, unionOf } from "./code-point-set.ts";
import { parseEscape } from "./parse-escape.ts";
import type { RegexCursor } from "./regex-cursor.ts";

/**
 * Reads a character class with the cursor behind its `[` (ECMA-262 CharacterClass with the flag `u`).
 *
 * @throws RegexSyntaxError for a class without end, or for ranges that are none.
 */
export function parseClass(cursor: RegexCursor): CodePointSet {
  const start = cursor.position - 1;
  const negated = cursor.take("^");
  const parts: CodePointSet[] = [];
  while (!cursor.take("]")) {
    if (cursor.atEnd) cursor.fail(start, "the class has no end", "Add ], or write \\[ for a bracket.");
    parts.push(parsePart(cursor));
  }
  const set = unionOf(parts);
  return negated ? complementOf(set) : set;
}

function parsePart(cursor: RegexCursor): CodePointSet {
  const start = cursor.position;
  const from = parseAtom(cursor);
  const isRange = cursor.unit === "-" && cursor.source.charAt(cursor.position + 1) !== "]";
  if (!isRange) return asSet(from);
  cursor.position += 1;
  if (cursor.atEnd) return asSet(from);
  const to = parseAtom(cursor);
  if (typeof from !== "number" || typeof to !== "number") {
    return cursor.fail(start, "a range needs one character on both sides", "Write \\- for a hyphen.");
  }
  if (from > to) cursor.fail(start, "the range is in the wrong order", "Write the lower character first.");
  return [from, to];
}

function asSet(atom: number | CodePointSet): CodePointSet {
  return typeof atom === "number" ? [atom, atom] : atom;
}

function parseAtom(cursor: RegexCursor): number | CodePointSet {
  if (!cursor.take("\\")) return cursor.codePoint();
  // Only inside a class: `\b` is the backspace, and a hyphen may be escaped.
  if (cursor.take("b")) return 0x08;
  if (cursor.take("-")) return 0x2d;
  return parseEscape(cursor);
}
