import type { RegexProgram } from "./regex-program.ts";
import type { StateGraph } from "./state-graph.ts";

/**
 * Whether the automaton is exponentially ambiguous: a state leads back to itself over one word by two paths.
 *
 * This is the criterion EDA of Weber and Seidl ("On the degree of ambiguity of finite automata", 1991),
 * decided as by Allauzen, Mohri and Rastogi ("General algorithms for testing the ambiguity of finite
 * automata", 2008): two copies of the automaton read the same word, from a split where they part to a state
 * where they meet. All states of an outermost loop lead to each other, so parting and meeting anywhere in one
 * loop is enough.
 */
export function isExponential(graph: StateGraph, program: RegexProgram): boolean {
  return program.loops.some((loop) => new LoopCheck(graph, program, loop).run());
}

class LoopCheck {
  readonly #graph: StateGraph;
  readonly #alphabet: RegexProgram["alphabet"];
  readonly #from: number;
  readonly #to: number;
  readonly #size: number;
  readonly #seen: Uint32Array;
  readonly #pending: number[] = [];

  constructor(graph: StateGraph, program: RegexProgram, loop: readonly [number, number]) {
    this.#graph = graph;
    this.#alphabet = program.alphabet;
    this.#from = loop[0] * program.levels;
    this.#to = loop[1] * program.levels;
    this.#size = this.#to - this.#from;
    this.#seen = new Uint32Array(Math.ceil((this.#size * this.#size) / 32));
  }

  run(): boolean {
    const { first, second, reachable } = this.#graph;
    for (let state = this.#from; state < this.#to; state += 1) {
      if (reachable[state] === 1 && second[state]! >= 0) this.#push(first[state]!, second[state]!);
    }
    const pending = this.#pending;
    for (let pair = pending.pop(); pair !== undefined; pair = pending.pop()) {
      const left = Math.floor(pair / this.#size);
      if (this.#meets(this.#from + left, this.#from + pair - left * this.#size)) return true;
    }
    return false;
  }

  /** Adds a pair of states that two paths over one word have reached, unless one has left the loop. */
  #push(left: number, right: number): void {
    if (left < this.#from || left >= this.#to || right < this.#from || right >= this.#to) return;
    const pair = (left - this.#from) * this.#size + right - this.#from;
    const bit = 1 << (pair & 31);
    if ((this.#seen[pair >>> 5]! & bit) !== 0) return;
    this.#seen[pair >>> 5]! |= bit;
    this.#pending.push(pair);
  }

  /** Takes the next step from a pair: left goes on to a character first, then right, then both read it. */
  #meets(left: number, right: number): boolean {
    const { first, second, set } = this.#graph;
    const leftSet = set[left]!;
    const rightSet = set[right]!;
    if (leftSet < 0) {
      this.#push(first[left]!, right);
      this.#push(second[left]!, right);
    } else if (rightSet < 0) {
      this.#push(left, first[right]!);
      this.#push(left, second[right]!);
    } else if (this.#alphabet.intersects(leftSet, rightSet)) {
      if (left === right) return true;
      this.#push(first[left]!, first[right]!);
    }
    return false;
  }
}
