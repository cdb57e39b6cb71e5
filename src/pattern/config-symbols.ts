import { type Piece, splitOutsideBraces } from "./brace-scan.ts";
import { PatternError } from "./pattern-error.ts";

/**
 * A configuration symbol: `!` drops requests with the wrong slash, `?` handles them, `*` handles the
 * subtree.
 */
export type ConfigSymbol = "!" | "?" | "*";

/** A pattern without its configuration symbols, and where each of them stands. */
export interface SplitPattern {
  readonly path: string;
  readonly symbols: ReadonlyMap<ConfigSymbol, number>;
}

/**
 * Cuts the configuration symbols off a pattern: what follows its last space outside of captures, if it
 * looks like symbols. Any other text there belongs to the path, which may hold spaces.
 *
 * Throws a {@link PatternError} on unknown, repeated or contradictory symbols, and on spaces too many.
 */
export function splitConfigSymbols(pattern: string): SplitPattern {
  const last = splitOutsideBraces(pattern, " ").at(-1) as Piece;
  if (last.position === 0) {
    return { path: pattern, symbols: NO_SYMBOLS };
  }
  if (last.text === "") {
    throw new PatternError({
      pattern,
      position: pattern.length - 1,
      reason: "the pattern ends with a space",
      hint: `Remove it, or write configuration symbols behind it ("!", "?", "*"), as in "${pattern.trimEnd()} *".`,
    });
  }
  if (!LOOKS_LIKE_SYMBOLS.test(last.text)) {
    return { path: pattern, symbols: NO_SYMBOLS };
  }
  const path = pattern.slice(0, last.position - 1);
  if (path.endsWith(" ")) {
    throw new PatternError({
      pattern,
      position: last.position - 1,
      reason: "configuration symbols follow after one space",
      hint: `Write "${path.trimEnd()} ${last.text}".`,
    });
  }
  return { path, symbols: readSymbols(pattern, last) };
}

export const NO_SYMBOLS: SplitPattern["symbols"] = new Map();

/**
 * A real symbol in front, or nothing but ASCII punctuation of the kind that somebody may take for symbols.
 */
const LOOKS_LIKE_SYMBOLS = /^[!?*]|^[#$&+,:;<=>@\\^`|~[\]!?*]+$/;

function readSymbols(pattern: string, { text, position }: Piece): SplitPattern["symbols"] {
  const symbols = new Map<ConfigSymbol, number>();
  for (const [index, symbol] of [...text].entries()) {
    const fault = { pattern, position: position + index };
    if (!isSymbol(symbol)) {
      throw new PatternError({
        ...fault,
        reason: `"${symbol}" is not a configuration symbol`,
        hint: `${MEANINGS} They stand at the end of the whole pattern.`,
      });
    }
    if (symbols.has(symbol)) {
      throw new PatternError({
        ...fault,
        reason: `"${symbol}" is repeated`,
        hint: "Write each symbol once.",
      });
    }
    symbols.set(symbol, position + index);
    if (symbols.has("!") && symbols.has("?")) {
      throw new PatternError({
        ...fault,
        reason: 'a resource cannot both drop ("!") and handle ("?") requests with the wrong slash',
        hint: "Write one of the two.",
      });
    }
  }
  return symbols;
}

const MEANINGS =
  'The symbols are "!" (drop requests with the wrong slash), "?" (handle them) and "*" (handle the subtree).';

function isSymbol(character: string): character is ConfigSymbol {
  return character === "!" || character === "?" || character === "*";
}
