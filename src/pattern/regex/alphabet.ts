import { type CodePointSet, LAST_CODE_POINT } from "./code-point-set.ts";

const ASCII = 128;

/**
 * The code points, divided into classes whose members no set of a regex tells apart.
 *
 * A few classes instead of 1,114,112 code points make a set a row of bits, to test and to compare at once.
 */
export class Alphabet {
  /** The number of classes. */
  readonly size: number;
  /** `table[set * size + class]` is 1 when the set contains the class. */
  readonly table: Uint8Array;
  /** The classes of each set. */
  readonly members: readonly (readonly number[])[];
  readonly #overlaps: Int8Array;
  readonly #starts: readonly number[];
  readonly #classes: Uint16Array;
  readonly #ascii: Uint16Array = new Uint16Array(ASCII);

  constructor(sets: readonly CodePointSet[]) {
    this.#starts = cutPoints(sets);
    const intervals = sets.map((set) => intervalsOf(set, this.#starts));
    this.#classes = new Uint16Array(this.#starts.length);
    this.size = refine(this.#classes, intervals);
    this.table = new Uint8Array(sets.length * this.size);
    this.#overlaps = new Int8Array(sets.length * sets.length);
    this.members = intervals.map((list, set) => this.#fillRow(list, set * this.size));
    for (let i = 0; i < this.#starts.length && this.#starts[i]! < ASCII; i += 1) {
      this.#ascii.fill(this.#classes[i]!, this.#starts[i]!);
    }
  }

  #fillRow(intervals: readonly number[], row: number): readonly number[] {
    const members: number[] = [];
    for (const interval of intervals) {
      const cell = row + this.#classes[interval]!;
      if (this.table[cell] === 1) continue;
      this.table[cell] = 1;
      members.push(this.#classes[interval]!);
    }
    return members;
  }

  /** The class of a code point. */
  classOf(point: number): number {
    if (point < ASCII) return this.#ascii[point]!;
    return this.#classes[lastAtMost(this.#starts, point)]!;
  }

  /** Whether two sets have a code point in common; remembered, as the analysis asks again and again. */
  intersects(a: number, b: number): boolean {
    const cell = a * this.members.length + b;
    if (this.#overlaps[cell] === 0) {
      const row = b * this.size;
      this.#overlaps[cell] = this.members[a]!.some((member) => this.table[row + member] === 1) ? 1 : -1;
    }
    return this.#overlaps[cell] === 1;
  }
}

/** Where intervals start so that every set is made of whole intervals. */
function cutPoints(sets: readonly CodePointSet[]): readonly number[] {
  const cuts = [0];
  for (const set of sets) {
    for (let i = 0; i < set.length; i += 2) {
      cuts.push(set[i]!);
      if (set[i + 1]! < LAST_CODE_POINT) cuts.push(set[i + 1]! + 1);
    }
  }
  cuts.sort((a, b) => a - b);
  return cuts.filter((cut, i) => cut !== cuts[i - 1]);
}

function lastAtMost(ascending: readonly number[], value: number): number {
  let low = 0;
  let high = ascending.length;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! <= value) low = middle;
    else high = middle;
  }
  return low;
}

function intervalsOf(set: CodePointSet, starts: readonly number[]): readonly number[] {
  const result: number[] = [];
  for (let i = 0; i < set.length; i += 2) {
    const end = set[i + 1]!;
    for (let at = lastAtMost(starts, set[i]!); at < starts.length && starts[at]! <= end; at += 1)
      result.push(at);
  }
  return result;
}

/** Partition refinement: each set splits the classes that it has in part. Gives the number of classes. */
function refine(classes: Uint16Array, sets: readonly (readonly number[])[]): number {
  const sizes = [classes.length];
  const covered = new Int32Array(classes.length);
  const moved = new Int32Array(classes.length);
  for (const intervals of sets) {
    const count = sizes.length;
    for (const at of intervals) covered[classes[at]!]! += 1;
    for (let from = 0; from < count; from += 1) {
      const isSplit = covered[from]! > 0 && covered[from]! < sizes[from]!;
      moved[from] = isSplit ? sizes.push(covered[from]!) - 1 : from;
      if (isSplit) sizes[from]! -= covered[from]!;
      covered[from] = 0;
    }
    for (const at of intervals) classes[at] = moved[classes[at]!]!;
  }
  return sizes.length;
}
