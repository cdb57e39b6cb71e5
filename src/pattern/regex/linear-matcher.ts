import { RegexInput } from "./regex-input.ts";
import { ACCEPT, CHAR, LOOK, RESET, type RegexProgram, SAVE } from "./regex-program.ts";
import { buildStateGraph, type StateGraph } from "./state-graph.ts";
import { SuccessTable } from "./success-table.ts";

// Matching is synchronous and calls nobody else's code, so that one input serves all matchers.
const input: RegexInput = new RegexInput();

/**
 * Matches whole inputs in time proportional to the size of the regex times the length of the input.
 *
 * Backtracks in the order that ECMA-262 demands, so that captures are those of the native RegExp, but with a
 * complete memo: a table of the states that fail (the idea of BitState in RE2; Cox, "Regular Expression
 * Matching: the Virtual Machine Approach", 2009). As the table is filled before, every choice is right at
 * once (Frisch and Cardelli, "Greedy Regular Expression Matching", 2004). Without backreferences, captures
 * never decide.
 */
export class LinearMatcher {
  readonly #program: RegexProgram;
  readonly #graph: StateGraph;
  readonly #table: SuccessTable;
  readonly #slots: Int32Array;
  #walked = 0;

  constructor(program: RegexProgram) {
    this.#program = program;
    this.#graph = buildStateGraph(program);
    this.#table = new SuccessTable(program, this.#graph);
    this.#slots = new Int32Array(program.slots);
  }

  /** How many operations the last match took: to fill the table, and to walk along the match. */
  get steps(): number {
    return this.#table.steps + this.#walked;
  }

  /** The number of states; the table and the walk each take at most `states * (length + 1)` steps. */
  get states(): number {
    return this.#graph.first.length;
  }

  /** The text of the whole match and of each group, or null; exactly what `/^(?:…)$/u.exec(text)` finds. */
  exec(text: string): readonly (string | undefined)[] | null {
    input.load(text, this.#program.alphabet);
    this.#walked = 0;
    this.#table.fill(input);
    const start = this.#graph.entries[0]!;
    const result = this.#table.succeeds(start, 0) ? this.#captures(start) : null;
    input.unload();
    return result;
  }

  #captures(start: number): readonly (string | undefined)[] {
    const slots = this.#slots.fill(-1);
    const { groups, looks } = this.#program;
    this.#walk(start, 0);
    // Of a lookahead's captures those from the last time it held count, since iterations forget earlier ones:
    // so walk it once, now. Outer ones come first in the list, and tell where the ones inside last held.
    for (let look = 0; look < looks.length; look += 1) {
      const position = slots[looks[look]!.slot] ?? -1;
      if (position >= 0) this.#walk(this.#graph.entries[look + 1]!, position);
    }
    const result: (string | undefined)[] = [input.slice(0, input.length)];
    for (let group = 1; group <= groups; group += 1) {
      const end = slots[2 * group + 1]!;
      result.push(end < 0 ? undefined : input.slice(slots[2 * group]!, end));
    }
    return result;
  }

  /** Goes the way of a match from a state that succeeds, and stores where groups start and end. */
  #walk(start: number, from: number): void {
    const { opcodes, args, levels, looks } = this.#program;
    const { first, second } = this.#graph;
    let state = start;
    let position = from;
    for (;;) {
      this.#walked += 1;
      const pc = Math.floor(state / levels);
      const opcode = opcodes[pc]!;
      if (opcode === ACCEPT) return;
      if (opcode === CHAR) position += 1;
      else if (opcode === SAVE) this.#slots[args[pc]!] = position;
      else if (opcode === RESET) this.#slots[args[pc]!] = -1;
      else if (opcode === LOOK && looks[args[pc]!]!.slot >= 0) this.#slots[looks[args[pc]!]!.slot] = position;
      const other = second[state]!;
      state = other >= 0 && !this.#table.succeeds(first[state]!, position) ? other : first[state]!;
    }
  }
}
