import { compileProgram } from "./compile-program.ts";
import { isDeterministic } from "./is-deterministic.ts";
import { isExponential } from "./is-exponential.ts";
import type { RegexNode } from "./regex-node.ts";
import type { RegexProgram } from "./regex-program.ts";
import { buildStateGraph } from "./state-graph.ts";

/**
 * How a backtracking engine fares with a regex: in linear time (unambiguous), in polynomial time, or in
 * finitely but possibly hugely many ways (ambiguous), or in exponential time.
 */
export type RegexVerdict = "unambiguous" | "ambiguous" | "exponential";

/**
 * Judges a regex. Exponential is decided exactly, save for assertions and lookaheads, which count as if they
 * always held.
 *
 * @throws RegexSyntaxError when counted repetitions make the regex too large.
 */
export function analyseRegex(node: RegexNode): RegexVerdict {
  return analyseProgram(node, compileProgram(node));
}

/** As `analyseRegex`, for those who need the program as well. */
export function analyseProgram(node: RegexNode, program: RegexProgram): RegexVerdict {
  const graph = buildStateGraph(program);
  if (isDeterministic(graph, program.alphabet)) {
    return repeatsLook(node, true) ? "ambiguous" : "unambiguous";
  }
  return isExponential(graph, program) ? "exponential" : "ambiguous";
}

/**
 * Whether a lookahead may run at more than one position, so that even linear ones sum up to a square. Only
 * those in front of everything else never do.
 */
function repeatsLook(node: RegexNode, leading: boolean): boolean {
  switch (node.kind) {
    case "set":
    case "assert":
      return false;
    case "look":
      return !leading || repeatsLook(node.body, true);
    case "group":
      return repeatsLook(node.body, leading);
    case "choice":
      return node.options.some((option) => repeatsLook(option, leading));
    case "repeat":
      return repeatsLook(node.body, false);
    case "sequence": {
      let inFront = leading;
      for (const item of node.items) {
        if (repeatsLook(item, inFront)) return true;
        inFront &&= item.kind === "look" || item.kind === "assert";
      }
      return false;
    }
  }
}
