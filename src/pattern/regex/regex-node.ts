import type { CodePointSet } from "./code-point-set.ts";

/** A place between characters that costs none: `^`, `$`, `\b`, `\B`. */
export type AssertionKind = "start" | "end" | "word" | "notWord";

interface SetNode {
  readonly kind: "set";
  readonly set: CodePointSet;
}

interface AssertNode {
  readonly kind: "assert";
  readonly assertion: AssertionKind;
}

/** A lookahead; `slot` numbers those whose groups must be known after a match (-1: no such groups). */
export interface LookNode {
  readonly kind: "look";
  readonly negative: boolean;
  readonly body: RegexNode;
  readonly slot: number;
}

export interface GroupNode {
  readonly kind: "group";
  readonly index: number;
  readonly body: RegexNode;
}

interface SequenceNode {
  readonly kind: "sequence";
  readonly items: readonly RegexNode[];
}

interface ChoiceNode {
  readonly kind: "choice";
  readonly options: readonly RegexNode[];
}

/**
 * A quantifier. Every iteration forgets what the groups and lookaheads inside had captured (ECMA-262
 * RepeatMatcher), so the node knows which ones these are: from the first up to, not including, the second.
 */
export interface RepeatNode {
  readonly kind: "repeat";
  readonly body: RegexNode;
  readonly min: number;
  readonly max: number;
  readonly greedy: boolean;
  readonly nullable: boolean;
  readonly groups: readonly [number, number];
  readonly looks: readonly [number, number];
  readonly position: number;
}

export type RegexNode = SetNode | AssertNode | LookNode | GroupNode | SequenceNode | ChoiceNode | RepeatNode;

/** Whether a node may match without consuming a character. */
export function isNullable(node: RegexNode): boolean {
  switch (node.kind) {
    case "set":
      return false;
    case "assert":
    case "look":
      return true;
    case "group":
      return isNullable(node.body);
    case "sequence":
      return node.items.every(isNullable);
    case "choice":
      return node.options.some(isNullable);
    case "repeat":
      return node.min === 0 || node.nullable;
  }
}

/** The nodes directly below a node. */
export function childrenOf(node: RegexNode): readonly RegexNode[] {
  switch (node.kind) {
    case "set":
    case "assert":
      return [];
    case "sequence":
      return node.items;
    case "choice":
      return node.options;
    case "look":
    case "group":
    case "repeat":
      return [node.body];
  }
}
