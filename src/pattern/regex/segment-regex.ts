import { analyseProgram } from "./analyse-regex.ts";
import { compileProgram } from "./compile-program.ts";
import { ExponentialRegexError } from "./exponential-regex-error.ts";
import { LinearMatcher } from "./linear-matcher.ts";
import { parseRegex } from "./parse-regex.ts";
import { RegexSyntaxError } from "./regex-syntax-error.ts";

/** A regex that matches whole segments of a path, in time linear in their length. */
export interface SegmentRegex {
  readonly source: string;
  /** The number of capturing groups. */
  readonly groups: number;
  /** Who matches: the native RegExp (fastest), or the linear-time matcher where that could take long. */
  readonly engine: "native" | "linear";
  /** The text of the whole match, then of each group, or null; always anchored at both ends. */
  exec(input: string): readonly (string | undefined)[] | null;
}

export interface SegmentRegexOptions {
  /** Accepts regexes that backtrack exponentially elsewhere; here the linear-time matcher runs them. */
  readonly allowExponential?: boolean;
}

interface CompiledRegex {
  readonly regex: SegmentRegex;
  readonly exponential: boolean;
}

/** Applications repeat few regexes often; the bound is for those that make up regexes all the time. */
const MAX_CACHED = 1024;
const cache = new Map<string, CompiledRegex>();

/**
 * Compiles a regex (JavaScript syntax as with the flag `u`), choosing the engine that keeps matching linear.
 *
 * @throws RegexSyntaxError for wrong or unsupported syntax, and for regexes that grow too large.
 * @throws ExponentialRegexError for a regex that can backtrack exponentially unless `allowExponential`.
 */
export function compileSegmentRegex(source: string, options?: SegmentRegexOptions): SegmentRegex {
  const compiled = cache.get(source) ?? compile(source);
  if (compiled.exponential && options?.allowExponential !== true) throw new ExponentialRegexError(source);
  return compiled.regex;
}

function compile(source: string): CompiledRegex {
  const node = parseRegex(source);
  const native = nativeRegex(source);
  const program = compileProgram(node);
  const verdict = analyseProgram(node, program);
  const matcher = verdict === "unambiguous" ? native : new LinearMatcher(program);
  const regex: SegmentRegex = Object.freeze({
    source,
    groups: program.groups,
    engine: verdict === "unambiguous" ? "native" : "linear",
    exec: (input: string): readonly (string | undefined)[] | null => matcher.exec(input),
  });
  const compiled: CompiledRegex = { regex, exponential: verdict === "exponential" };
  // A Map keeps the order of insertion, so that its first key is the oldest.
  if (cache.size >= MAX_CACHED) cache.delete(cache.keys().next().value!);
  cache.set(source, compiled);
  return compiled;
}

/** Also a second opinion on the syntax: what the parser accepts and the engine does not is refused. */
function nativeRegex(source: string): RegExp {
  try {
    return new RegExp(`^(?:${source})$`, "u");
  } catch (error) {
    throw new RegexSyntaxError(
      0,
      String(error),
      "Write the regex so that JavaScript accepts it with flag u.",
    );
  }
}
