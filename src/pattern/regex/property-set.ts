import { type CodePointSet, unionOf } from "./code-point-set.ts";

const CHUNK = 0x1000;

/**
 * Where Unicode assigns characters. Elsewhere whole planes are alike except for their two noncharacters, so
 * that one probe answers for all of them (The Unicode Standard, 2.8 Unicode Allocation).
 */
const ASSIGNED: CodePointSet = [0, 0xd7ff, 0xe000, 0x3ffff, 0xe0000, 0xe0fff];
const FIRST_BARE_PLANE = 4;
const TAG_PLANE = 14;
const LAST_PLANE = 16;

const MAX_CACHED = 64;
const cache = new Map<string, CodePointSet>();

/**
 * The code points that a Unicode property such as `\p{Lu}` stands for, as the native RegExp knows them.
 *
 * Explicit ranges cost some milliseconds once for each property, but only they can be compared with others.
 *
 * @throws SyntaxError (the native one) for an unknown property.
 */
export function propertySet(notation: string): CodePointSet {
  const known = cache.get(notation);
  if (known !== undefined) return known;
  const set = scan(new RegExp(`${notation}+`, "gu"));
  if (cache.size >= MAX_CACHED) cache.clear();
  cache.set(notation, set);
  return set;
}

function scan(property: RegExp): CodePointSet {
  const ranges: number[][] = [];
  for (let i = 0; i < ASSIGNED.length; i += 2) {
    const end = ASSIGNED[i + 1]!;
    for (let from = ASSIGNED[i]!; from <= end; from += CHUNK) {
      scanChunk(property, from, Math.min(from + CHUNK - 1, end), ranges);
    }
  }
  // A lone surrogate is a code point of its own in u mode; all of them have the same properties.
  if (has(property, 0xd800)) ranges.push([0xd800, 0xdfff]);
  for (let plane = FIRST_BARE_PLANE; plane <= LAST_PLANE; plane += 1) {
    const first = plane * 0x10000;
    const from = plane === TAG_PLANE ? first + CHUNK : first;
    if (has(property, from)) ranges.push([from, first + 0xfffd]);
    if (has(property, first + 0xfffe)) ranges.push([first + 0xfffe, first + 0xffff]);
  }
  return unionOf(ranges);
}

function has(property: RegExp, codePoint: number): boolean {
  property.lastIndex = 0;
  return property.test(String.fromCodePoint(codePoint));
}

function scanChunk(property: RegExp, from: number, to: number, ranges: number[][]): void {
  const points: number[] = [];
  for (let point = from; point <= to; point += 1) points.push(point);
  const text = String.fromCodePoint(...points);
  const units = from > 0xffff ? 2 : 1;
  property.lastIndex = 0;
  for (let match = property.exec(text); match !== null; match = property.exec(text)) {
    ranges.push([from + match.index / units, from + property.lastIndex / units - 1]);
  }
}
