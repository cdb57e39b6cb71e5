import { DefinitionError } from "../common/definition-error.ts";

/** What is wrong with a pattern, where, and what to write instead. */
export interface PatternFault {
  /** The whole pattern, as the user wrote it. */
  readonly pattern: string;
  /** The index of the offending character; the pattern's length when something is missing at its end. */
  readonly position: number;
  /** A sentence without its full stop. */
  readonly reason: string;
  /** One or more sentences that say what to write instead. */
  readonly hint: string;
}

/** Where a piece of a pattern stands within the whole, so that errors can point into the whole. */
export interface PatternPlace {
  readonly pattern: string;
  readonly offset: number;
}

/**
 * A malformed pattern. The message shows the pattern with a caret under the offending character.
 *
 * @example
 * ```
 * Malformed pattern: this brace is never closed.
 *
 *   /users/{id
 *          ^
 *
 * Close it, as in "{id}", or write "{{" for a literal brace.
 * ```
 */
export class PatternError extends DefinitionError {
  readonly code: "ARGANIA_PATTERN" | "ARGANIA_UNSAFE_REGEX" = "ARGANIA_PATTERN";
  readonly pattern: string;
  readonly position: number;
  readonly hint: string;

  constructor(fault: PatternFault, options?: ErrorOptions) {
    super(describe(fault), [fault.pattern], options);
    this.pattern = fault.pattern;
    this.position = fault.position;
    this.hint = fault.hint;
  }
}

/**
 * A regex that backtracks exponentially, so that one hostile request could occupy a process for years
 * (ReDoS).
 */
export class UnsafeRegexError extends PatternError {
  override readonly code = "ARGANIA_UNSAFE_REGEX";
}

function describe({ pattern, position, reason, hint }: PatternFault): string {
  return `Malformed pattern: ${reason}.\n\n  ${printable(pattern)}\n  ${" ".repeat(position)}^\n\n${hint}`;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they would break the line above the caret
const CONTROL_CHARACTER = /[\0-\x1f]/g;

/** Shows each control character as its one-column picture (U+2400…). */
function printable(pattern: string): string {
  return pattern.replace(CONTROL_CHARACTER, (character) =>
    String.fromCharCode(0x2400 + character.charCodeAt(0)),
  );
}
