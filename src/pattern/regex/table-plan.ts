import {
  ACCEPT,
  AT_END,
  AT_START,
  AT_WORD_EDGE,
  CHAR,
  LOOK,
  NOT_AT_WORD_EDGE,
  type RegexProgram,
  SPLIT,
} from "./regex-program.ts";
import type { StateGraph } from "./state-graph.ts";

/** The row that holds nowhere, and the one that holds everywhere. */
export const NEVER = 0;
export const ALWAYS = 1;

/** Masks of positions: these first, then one for each lookahead, then one for each set of characters. */
export const EVERYWHERE = 0;
export const START = 1;
export const END = 2;
export const WORD_EDGE = 3;
export const NO_WORD_EDGE = 4;
export const FIRST_LOOK = 5;

const MASKS: ReadonlyMap<number, number> = new Map([
  [AT_START, START],
  [AT_END, END],
  [AT_WORD_EDGE, WORD_EDGE],
  [NOT_AT_WORD_EDGE, NO_WORD_EDGE],
]);

/** Rows to fill together. In a loop they depend on each other, and must be filled position by position. */
export interface TableBlock {
  readonly from: number;
  readonly to: number;
  readonly isLoop: boolean;
  /** The lookahead that is known after this block, or -1. */
  readonly look: number;
}

/**
 * How to fill a table that says, for each state and position, whether the state leads to success from there.
 *
 * A row stands for one state, or for several that succeed together, as saving a position never fails:
 * `row[i] = (first[i + shift] and mask[i]) or second[i]`. Rows are numbered in the order of filling.
 */
export interface TablePlan {
  readonly first: Int32Array;
  readonly second: Int32Array;
  readonly mask: Int32Array;
  readonly shift: Uint8Array;
  readonly rowOf: Int32Array;
  readonly rows: number;
  readonly masks: number;
  /** Whether there is `\b` or `\B`. */
  readonly usesWords: boolean;
  readonly blocks: readonly TableBlock[];
}

export function planTable(program: RegexProgram, graph: StateGraph): TablePlan {
  return new TablePlanner(program, graph).plan();
}

class TablePlanner {
  readonly #program: RegexProgram;
  readonly #graph: StateGraph;
  readonly #rowOf: Int32Array;
  readonly #stateOf: number[] = [-1, -1];
  readonly #blocks: TableBlock[] = [];

  constructor(program: RegexProgram, graph: StateGraph) {
    this.#program = program;
    this.#graph = graph;
    this.#rowOf = new Int32Array(graph.first.length).fill(-1);
  }

  plan(): TablePlan {
    const { looks, opcodes, alphabet } = this.#program;
    let end = opcodes.length;
    // The last lookaheads first, for they are inside the others.
    for (let look = looks.length - 1; look >= 0; look -= 1) {
      this.#planBody(looks[look]!.from, end, look);
      end = looks[look]!.from;
    }
    this.#planBody(0, end, -1);
    const masks = FIRST_LOOK + looks.length + alphabet.members.length;
    const usesWords = opcodes.includes(AT_WORD_EDGE) || opcodes.includes(NOT_AT_WORD_EDGE);
    return { ...this.#fillRows(), rowOf: this.#rowOf, masks, usesWords, blocks: this.#blocks };
  }

  #planBody(from: number, to: number, look: number): void {
    let at = from;
    for (const [loopFrom, loopTo] of this.#program.loops) {
      if (loopFrom < from || loopFrom >= to) continue;
      this.#planBlock(at, loopFrom, false, -1);
      this.#planBlock(loopFrom, loopTo, true, -1);
      at = loopTo;
    }
    this.#planBlock(at, to, false, look);
  }

  #planBlock(fromPc: number, toPc: number, isLoop: boolean, look: number): void {
    const { levels } = this.#program;
    const from = this.#stateOf.length;
    for (let state = fromPc * levels; state < toPc * levels; state += 1) this.#number(state);
    this.#blocks.push({ from, to: this.#stateOf.length, isLoop, look });
  }

  /** Gives a state its row, after those it needs at the same position: levels keep that free of cycles. */
  #number(state: number): number {
    const { first, second, set, reachable } = this.#graph;
    const known = this.#rowOf[state]!;
    if (known >= 0) return known;
    if (reachable[state] === 0) return NEVER;
    const opcode = this.#opcode(state);
    let row = opcode === ACCEPT ? ALWAYS : NEVER;
    if (set[state]! >= 0) row = this.#stateOf.push(state) - 1;
    else if (first[state]! >= 0) {
      row = this.#number(first[state]!);
      if (second[state]! >= 0) this.#number(second[state]!);
      if (opcode === SPLIT || opcode === LOOK || MASKS.has(opcode)) row = this.#stateOf.push(state) - 1;
    }
    this.#rowOf[state] = row;
    return row;
  }

  #opcode(state: number): number {
    return this.#program.opcodes[Math.floor(state / this.#program.levels)]!;
  }

  #fillRows(): Pick<TablePlan, "first" | "second" | "mask" | "shift" | "rows"> {
    const rows = this.#stateOf.length;
    const first = new Int32Array(rows);
    const second = new Int32Array(rows);
    const mask = new Int32Array(rows);
    const shift = new Uint8Array(rows);
    for (let row = ALWAYS + 1; row < rows; row += 1) {
      const state = this.#stateOf[row]!;
      first[row] = this.#rowOf[this.#graph.first[state]!]!;
      if (this.#graph.second[state]! >= 0) second[row] = this.#rowOf[this.#graph.second[state]!]!;
      mask[row] = this.#maskOf(state);
      shift[row] = this.#opcode(state) === CHAR ? 1 : 0;
    }
    return { first, second, mask, shift, rows };
  }

  #maskOf(state: number): number {
    const opcode = this.#opcode(state);
    const arg = this.#program.args[Math.floor(state / this.#program.levels)]!;
    if (opcode === CHAR) return FIRST_LOOK + this.#program.looks.length + arg;
    if (opcode === LOOK) return FIRST_LOOK + arg;
    return MASKS.get(opcode) ?? EVERYWHERE;
  }
}
