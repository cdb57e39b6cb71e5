import { childrenOf, type RegexNode } from "./regex-node.ts";

/** What a program must reserve before its instructions are known. */
interface NodeMeasure {
  /** The number of groups. */
  readonly groups: number;
  /** The number of lookaheads with a slot. */
  readonly looks: number;
  /** How deep iterations that must not stay empty are nested. */
  readonly depth: number;
}

/** Counts groups, lookaheads with groups in them, and nested repetitions of what may match nothing. */
export function measureNode(node: RegexNode): NodeMeasure {
  let groups = node.kind === "group" ? 1 : 0;
  let looks = node.kind === "look" && node.slot >= 0 ? 1 : 0;
  let depth = 0;
  for (const child of childrenOf(node)) {
    const inner = measureNode(child);
    groups += inner.groups;
    looks += inner.looks;
    depth = Math.max(depth, inner.depth);
  }
  // Mandatory iterations may stay empty (ECMA-262 RepeatMatcher checks only once min is 0).
  if (node.kind === "repeat" && node.nullable && node.max > node.min) depth += 1;
  return { groups, looks, depth };
}
