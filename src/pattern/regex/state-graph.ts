import { ACCEPT, CHAR, CHECK, ENTER, type RegexProgram, SPLIT } from "./regex-program.ts";

/**
 * The nondeterministic automaton of a program: one state for each instruction at each level, numbered
 * `instruction * levels + level`.
 *
 * Levels keep out empty iterations, so that (1) no cycle goes without a character, and (2) the paths are
 * exactly those on which a backtracking engine may go. Assertions and lookaheads count as if they always
 * held.
 */
export interface StateGraph {
  /** One successor of each state, -1 for none. */
  readonly first: Int32Array;
  /** The other one. */
  readonly second: Int32Array;
  /** The set that each state consumes, -1 for states that consume nothing. */
  readonly set: Int32Array;
  /** Where matching starts: the program itself, then the lookaheads. */
  readonly entries: readonly number[];
  readonly reachable: Uint8Array;
}

export function buildStateGraph(program: RegexProgram): StateGraph {
  const { levels, start, looks } = program;
  const count = program.opcodes.length * levels;
  const first = new Int32Array(count).fill(-1);
  const second = new Int32Array(count).fill(-1);
  const set = new Int32Array(count).fill(-1);
  for (let state = 0; state < count; state += 1) {
    const pc = Math.floor(state / levels);
    const opcode = program.opcodes[pc]!;
    const level = levelAfter(opcode, program.args[pc]!, state - pc * levels, levels - 1);
    if (level < 0) continue;
    first[state] = program.next[pc]! * levels + level;
    if (opcode === SPLIT) second[state] = program.args[pc]! * levels + level;
    if (opcode === CHAR) set[state] = program.args[pc]!;
  }
  const entries = [start, ...looks.map((look) => look.start)].map((pc) => pc * levels + levels - 1);
  return { first, second, set, entries, reachable: reachableFrom(entries, first, second) };
}

/** The level behind an instruction; -1 if there is nothing behind. */
function levelAfter(opcode: number, arg: number, level: number, none: number): number {
  switch (opcode) {
    case ACCEPT:
      return -1;
    case CHAR:
      return none;
    case ENTER:
      return Math.min(level, arg);
    case CHECK:
      return level <= arg ? -1 : none;
    default:
      return level;
  }
}

function reachableFrom(entries: readonly number[], first: Int32Array, second: Int32Array): Uint8Array {
  const reachable = new Uint8Array(first.length);
  const pending: number[] = [...entries];
  for (let state = pending.pop(); state !== undefined; state = pending.pop()) {
    if (reachable[state] === 1) continue;
    reachable[state] = 1;
    if (first[state]! >= 0) pending.push(first[state]!);
    if (second[state]! >= 0) pending.push(second[state]!);
  }
  return reachable;
}
