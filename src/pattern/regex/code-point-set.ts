/** Inclusive ranges of code points, flat: `[from, to, from, to, …]`, ascending and with gaps in between. */
export type CodePointSet = readonly number[];

export const LAST_CODE_POINT = 0x10ffff;

/** Sorts and joins ranges that may overlap or touch. */
export function unionOf(sets: readonly CodePointSet[]): CodePointSet {
  const pairs: [number, number][] = [];
  for (const set of sets) {
    for (let i = 0; i < set.length; i += 2) pairs.push([set[i]!, set[i + 1]!]);
  }
  pairs.sort((a, b) => a[0] - b[0]);
  const result: number[] = [];
  for (const [from, to] of pairs) {
    const last = result.length - 1;
    if (last > 0 && from <= result[last]! + 1) result[last] = Math.max(result[last]!, to);
    else result.push(from, to);
  }
  return result;
}

/** Every code point that is not in the set. */
export function complementOf(set: CodePointSet): CodePointSet {
  const result: number[] = [];
  let from = 0;
  for (let i = 0; i < set.length; i += 2) {
    if (set[i]! > from) result.push(from, set[i]! - 1);
    from = set[i + 1]! + 1;
  }
  if (from <= LAST_CODE_POINT) result.push(from, LAST_CODE_POINT);
  return result;
}

/** ECMA-262 CharacterClassEscape `\d`. */
export const DIGITS: CodePointSet = [0x30, 0x39];

/** ECMA-262 WordCharacters: ASCII only, as long as the flag `i` is not set. */
export const WORD_CHARACTERS: CodePointSet = [0x30, 0x39, 0x41, 0x5a, 0x5f, 0x5f, 0x61, 0x7a];

/** ECMA-262 WhiteSpace and LineTerminator, which `\s` stands for. */
export const SPACES: CodePointSet = [
  0x09, 0x0d, 0x20, 0x20, 0xa0, 0xa0, 0x1680, 0x1680, 0x2000, 0x200a, 0x2028, 0x2029, 0x202f, 0x202f, 0x205f,
  0x205f, 0x3000, 0x3000, 0xfeff, 0xfeff,
];

export const NOT_DIGITS: CodePointSet = complementOf(DIGITS);
export const NOT_WORD_CHARACTERS: CodePointSet = complementOf(WORD_CHARACTERS);
export const NOT_SPACES: CodePointSet = complementOf(SPACES);

/** `.` without the flag `s`: everything but ECMA-262 LineTerminator. */
export const NOT_LINE_ENDS: CodePointSet = complementOf([0x0a, 0x0a, 0x0d, 0x0d, 0x2028, 0x2029]);
