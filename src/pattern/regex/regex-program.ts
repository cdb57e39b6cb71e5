import type { Alphabet } from "./alphabet.ts";

/*
 * Instructions. Each has a `next`; what `args` means depends on the instruction. Plain constants, because
 * engines fold them, which they do not for the properties of an object.
 */

/** Consumes one character of the set `arg`. */
export const CHAR = 0;
/** Tries `next`, then `arg`. */
export const SPLIT = 1;
/** Stores the position in the slot `arg`. */
export const SAVE = 2;
/** Empties the slot `arg`. */
export const RESET = 3;
/** Starts an iteration, at the nesting depth `arg`, that must not stay empty. */
export const ENTER = 4;
/** Ends such an iteration: fails when it consumed nothing (ECMA-262 RepeatMatcher, step 2.b). */
export const CHECK = 5;
export const AT_START = 6;
export const AT_END = 7;
export const AT_WORD_EDGE = 8;
export const NOT_AT_WORD_EDGE = 9;
/** Tests the lookahead `arg`. */
export const LOOK = 10;
/** Ends the program, or the body of a lookahead, with success. */
export const ACCEPT = 11;

/** A lookahead; the position where it last held goes to `slot`, if its groups are of interest (else -1). */
export interface Look {
  readonly start: number;
  readonly negative: boolean;
  readonly slot: number;
  /** The first instruction of its body, which ends where the next body begins. */
  readonly from: number;
}

/**
 * A regex as instructions of a backtracking machine.
 *
 * The machine's state is (instruction, position, level). The level tells which of the nested iterations
 * between ENTER and CHECK have consumed nothing so far: those at this depth or deeper. Each nested iteration
 * starts later than the one around it, so one number says it for all of them; `levels - 1` means "none". Thus
 * what a state can reach depends on the state only, never on the way to it.
 *
 * `next` and `args` lead to smaller instructions, save for the heads of loops.
 */
export interface RegexProgram {
  readonly opcodes: Uint8Array;
  readonly next: Int32Array;
  readonly args: Int32Array;
  readonly start: number;
  readonly levels: number;
  /** The number of groups. */
  readonly groups: number;
  /** Start and end of each group (of the whole match first), then the slots of lookaheads. */
  readonly slots: number;
  readonly looks: readonly Look[];
  /** The instructions, from the first up to, not including, the second, of each outermost unbounded loop. */
  readonly loops: readonly (readonly [number, number])[];
  readonly alphabet: Alphabet;
}
