import { Alphabet } from "./alphabet.ts";
import type { CodePointSet } from "./code-point-set.ts";
import { measureNode } from "./measure-node.ts";
import type { AssertionKind, GroupNode, LookNode, RegexNode, RepeatNode } from "./regex-node.ts";
import {
  ACCEPT,
  AT_END,
  AT_START,
  AT_WORD_EDGE,
  CHAR,
  CHECK,
  ENTER,
  LOOK,
  type Look,
  NOT_AT_WORD_EDGE,
  RESET,
  type RegexProgram,
  SAVE,
  SPLIT,
} from "./regex-program.ts";
import { RegexSyntaxError } from "./regex-syntax-error.ts";

/** Instructions times levels. Bounds the time of a match (times 257) and of the analysis (squared). */
const MAX_STATES = 2000;

/** Different sets of characters; bounds the table of the alphabet (squared). */
const MAX_SETS = 500;

const ASSERTIONS: Readonly<Record<AssertionKind, number>> = {
  start: AT_START,
  end: AT_END,
  word: AT_WORD_EDGE,
  notWord: NOT_AT_WORD_EDGE,
};

/**
 * Translates a regex that must match a whole input.
 *
 * @throws RegexSyntaxError when counted repetitions (or sheer length) make the regex too large.
 */
export function compileProgram(node: RegexNode): RegexProgram {
  return new ProgramCompiler(node).compile(node);
}

/** Compiles backwards: each node knows what comes next, so that no jumps are needed. */
class ProgramCompiler {
  readonly #opcodes: number[] = [];
  readonly #next: number[] = [];
  readonly #args: number[] = [];
  readonly #sets: CodePointSet[] = [];
  readonly #setIds: Map<string | CodePointSet, number> = new Map();
  readonly #looks: { readonly node: LookNode; readonly slot: number }[] = [];
  readonly #lookIds = new Map<LookNode, number>();
  readonly #loops: [number, number][] = [];
  readonly #groups: number;
  readonly #lookSlots: number;
  readonly #levels: number;
  #inLoop = false;
  #counted: RepeatNode | undefined;

  constructor(node: RegexNode) {
    const { groups, looks, depth } = measureNode(node);
    this.#groups = groups;
    this.#lookSlots = looks;
    this.#levels = depth + 1;
  }

  compile(node: RegexNode): RegexProgram {
    const start = this.#node(node, this.#emit(AT_END, 0, this.#emit(ACCEPT, 0, 0)), 0);
    const looks: Look[] = [];
    // Bodies of lookaheads come last and once each; the list grows while nested ones are found.
    for (const { node: look, slot } of this.#looks) {
      const from = this.#emit(ACCEPT, 0, 0);
      looks.push({ from, start: this.#node(look.body, from, 0), negative: look.negative, slot });
    }
    return {
      opcodes: Uint8Array.from(this.#opcodes),
      next: Int32Array.from(this.#next),
      args: Int32Array.from(this.#args),
      start,
      levels: this.#levels,
      groups: this.#groups,
      slots: this.#slotOfLook(this.#lookSlots),
      looks,
      loops: this.#loops,
      alphabet: new Alphabet(this.#sets),
    };
  }

  #emit(opcode: number, arg: number, next: number): number {
    if ((this.#opcodes.length + 1) * this.#levels > MAX_STATES) this.#failSize();
    this.#args.push(arg);
    this.#next.push(next);
    return this.#opcodes.push(opcode) - 1;
  }

  #failSize(): never {
    throw new RegexSyntaxError(
      this.#counted?.position ?? 0,
      "the regex grows too large",
      "Use smaller counts; no segment of a path has more than 256 characters.",
    );
  }

  #node(node: RegexNode, next: number, depth: number): number {
    switch (node.kind) {
      case "set":
        return this.#emit(CHAR, this.#setId(node.set), next);
      case "assert":
        return this.#emit(ASSERTIONS[node.assertion], 0, next);
      case "look":
        return this.#emit(LOOK, this.#lookId(node), next);
      case "group":
        return this.#group(node, next, depth);
      case "sequence":
        return node.items.reduceRight((after, item) => this.#node(item, after, depth), next);
      case "choice": {
        const last = this.#node(node.options.at(-1)!, next, depth);
        const others = node.options.slice(0, -1);
        return others.reduceRight((o, option) => this.#emit(SPLIT, o, this.#node(option, next, depth)), last);
      }
      case "repeat":
        return this.#repeat(node, next, depth);
    }
  }

  #setId(set: CodePointSet): number {
    // By identity first, which is quick for the copies that counts make; by content for the rest.
    const known = this.#setIds.get(set) ?? this.#setIds.get(set.join());
    if (known !== undefined) return known;
    const id = this.#sets.push(set) - 1;
    if (id >= MAX_SETS) this.#failSize();
    this.#setIds.set(set, id).set(set.join(), id);
    return id;
  }

  /** Copies of one lookahead share one body, since what it finds at a position is always the same. */
  #lookId(node: LookNode): number {
    const known = this.#lookIds.get(node);
    if (known !== undefined) return known;
    const slot = node.slot < 0 ? -1 : this.#slotOfLook(node.slot);
    const id = this.#looks.push({ node, slot }) - 1;
    this.#lookIds.set(node, id);
    return id;
  }

  #slotOfLook(look: number): number {
    return 2 * (this.#groups + 1) + look;
  }

  #group(node: GroupNode, next: number, depth: number): number {
    const body = this.#node(node.body, this.#emit(SAVE, 2 * node.index + 1, next), depth);
    return this.#emit(SAVE, 2 * node.index, body);
  }

  #repeat(node: RepeatNode, next: number, depth: number): number {
    const outer = this.#counted;
    const isCounted = Math.max(node.min, Number.isFinite(node.max) ? node.max : 0) > 1;
    if (outer === undefined && isCounted) this.#counted = node;
    const isLoop = node.max === Number.POSITIVE_INFINITY;
    let entry = isLoop ? this.#loop(node, next, depth) : this.#optionalCopies(node, next, depth);
    for (let copy = node.min - 1; copy >= 0; copy -= 1) {
      const before = entry;
      entry = this.#iteration(node, entry, depth, copy > 0);
      // A body without instructions: the remaining copies (a billion, perhaps) change nothing.
      if (entry === before) break;
    }
    this.#counted = outer;
    return entry;
  }

  #loop(node: RepeatNode, next: number, depth: number): number {
    const outer = this.#inLoop;
    this.#inLoop = true;
    const head = this.#emit(SPLIT, next, next);
    const body = this.#checkedIteration(node, head, depth, true);
    if (node.greedy) this.#next[head] = body;
    else this.#args[head] = body;
    this.#inLoop = outer;
    if (!outer) this.#loops.push([head, this.#opcodes.length]);
    return head;
  }

  #optionalCopies(node: RepeatNode, next: number, depth: number): number {
    let entry = next;
    for (let copy = node.max - 1; copy >= node.min; copy -= 1) {
      const body = this.#checkedIteration(node, entry, depth, copy > 0);
      entry = node.greedy ? this.#emit(SPLIT, next, body) : this.#emit(SPLIT, body, next);
    }
    return entry;
  }

  /** An iteration beyond the least count: it must consume something, which needs care only if it may not. */
  #checkedIteration(node: RepeatNode, next: number, depth: number, again: boolean): number {
    if (!node.nullable) return this.#iteration(node, next, depth, again);
    const body = this.#iteration(node, this.#emit(CHECK, depth, next), depth + 1, again);
    return this.#emit(ENTER, depth, body);
  }

  /** `again` is false for a first iteration, before which there is nothing to forget. */
  #iteration(node: RepeatNode, next: number, depth: number, again: boolean): number {
    let entry = this.#node(node.body, next, depth);
    if (!again) return entry;
    for (let group = node.groups[0]; group < node.groups[1]; group += 1) {
      entry = this.#emit(RESET, 2 * group + 1, entry);
    }
    for (let look = node.looks[0]; look < node.looks[1]; look += 1) {
      entry = this.#emit(RESET, this.#slotOfLook(look), entry);
    }
    return entry;
  }
}
