import type { RegexInput } from "./regex-input.ts";
import type { RegexProgram } from "./regex-program.ts";
import type { StateGraph } from "./state-graph.ts";
import {
  ALWAYS,
  END,
  EVERYWHERE,
  FIRST_LOOK,
  NEVER,
  NO_WORD_EDGE,
  planTable,
  START,
  type TableBlock,
  type TablePlan,
  WORD_EDGE,
} from "./table-plan.ts";

// Matching is synchronous and calls nobody else's code, so that one pair of buffers serves all tables.
// Both are bits, 32 positions a word: all rows of the first word, all rows of the second, …
let bits: Int32Array = new Int32Array(0);
let masks: Int32Array = new Int32Array(0);

/**
 * Knows from which state and position a program succeeds, whatever came before.
 *
 * Fills in the memo of a backtracking machine from the end of the input instead of on demand: then no stack
 * is needed, and outside loops one operation does it for 32 positions (as in Cameron et al., "Bitwise Data
 * Parallelism in Regular Expression Matching", 2014), which is many times faster for the regexes that need
 * it.
 */
export class SuccessTable {
  readonly #program: RegexProgram;
  readonly #plan: TablePlan;
  #words = 0;
  #steps = 0;

  constructor(program: RegexProgram, graph: StateGraph) {
    this.#program = program;
    this.#plan = planTable(program, graph);
  }

  /** How many operations the last filling took. */
  get steps(): number {
    return this.#steps;
  }

  /** Valid until the next filling of any table. */
  fill(input: RegexInput): void {
    const { rows, masks: maskCount, blocks } = this.#plan;
    this.#words = (input.length + 1 + 31) >>> 5;
    this.#steps = 0;
    bits = cleared(bits, this.#words * rows);
    masks = cleared(masks, this.#words * maskCount);
    this.#fillMasks(input);
    for (const block of blocks) {
      this.#fillBlock(block, input.length);
      if (block.look >= 0) this.#fillLook(block.look);
    }
  }

  /** Whether the program succeeds from a state at a position. */
  succeeds(state: number, position: number): boolean {
    const { rowOf, rows } = this.#plan;
    return ((bits[(position >>> 5) * rows + rowOf[state]!]! >>> (position & 31)) & 1) === 1;
  }

  #mark(mask: number, position: number): void {
    masks[(position >>> 5) * this.#plan.masks + mask]! |= 1 << (position & 31);
  }

  #fillMasks(input: RegexInput): void {
    const { rows, masks: maskCount, usesWords } = this.#plan;
    const { length } = input;
    for (let word = 0; word < this.#words; word += 1) {
      const left = length - word * 32;
      const valid = left >= 31 ? -1 : (2 << left) - 1;
      bits[word * rows + ALWAYS] = valid;
      masks[word * maskCount + EVERYWHERE] = valid;
    }
    this.#mark(START, 0);
    this.#mark(END, length);
    for (let at = 0; usesWords && at <= length; at += 1) {
      this.#mark(input.isWordEdge(at) ? WORD_EDGE : NO_WORD_EDGE, at);
    }
    const { alphabet, looks } = this.#program;
    const firstSet = FIRST_LOOK + looks.length;
    for (let set = 0; set < alphabet.members.length; set += 1) this.#fillSet(set, firstSet + set, input);
  }

  #fillSet(set: number, mask: number, input: RegexInput): void {
    const { table, size } = this.#program.alphabet;
    const { classes, length } = input;
    const row = set * size;
    for (let from = 0; from < length; from += 32) {
      const to = Math.min(from + 32, length);
      let word = 0;
      for (let at = from; at < to; at += 1) word |= table[row + classes[at]!]! << (at & 31);
      masks[(from >>> 5) * this.#plan.masks + mask] = word;
    }
  }

  /**
   * Fills words from the last to the first. Rows of a loop need each other, so they are filled again until
   * nothing changes; as each round settles one more position at least, there are no more rounds than
   * positions.
   */
  #fillBlock(block: TableBlock, length: number): void {
    const { from, to, isLoop } = block;
    let rounds = 0;
    for (let word = this.#words - 1; word >= 0; word -= 1) {
      let left = isLoop ? Math.min(32, length + 1 - word * 32) : 1;
      while (left > 0) {
        rounds += 1;
        left = this.#fillWord(from, to, word) ? left - 1 : 0;
      }
    }
    this.#steps += (to - from) * rounds;
  }

  /** Fills one word of some rows; tells whether that changed anything. */
  #fillWord(from: number, to: number, word: number): boolean {
    const { first, second, mask, shift, rows, masks: maskCount } = this.#plan;
    const table = bits;
    const allowed = masks;
    const base = word * rows;
    const maskBase = word * maskCount;
    const nextBase = word + 1 < this.#words ? base + rows : NEVER;
    const nextFactor = word + 1 < this.#words ? 1 : 0;
    let changes = 0;
    for (let row = from; row < to; row += 1) {
      const after = first[row]!;
      let value = table[base + after]!;
      if (shift[row] === 1) value = (value >>> 1) | (table[nextBase + after * nextFactor]! << 31);
      value = (value & allowed[maskBase + mask[row]!]!) | table[base + second[row]!]!;
      changes |= value ^ table[base + row]!;
      table[base + row] = value;
    }
    return changes !== 0;
  }

  /** Where a lookahead holds is where its body succeeds, or does not. */
  #fillLook(look: number): void {
    const { rowOf, rows, masks: maskCount } = this.#plan;
    const { looks, levels } = this.#program;
    const { start, negative } = looks[look]!;
    const row = rowOf[start * levels + levels - 1]!;
    for (let word = 0; word < this.#words; word += 1) {
      const found = bits[word * rows + row]!;
      const wanted = negative ? ~found & masks[word * maskCount + EVERYWHERE]! : found;
      masks[word * maskCount + FIRST_LOOK + look] = wanted;
    }
  }
}

function cleared(buffer: Int32Array, size: number): Int32Array {
  if (buffer.length < size) return new Int32Array(size * 2);
  return buffer.fill(0, 0, size);
}
