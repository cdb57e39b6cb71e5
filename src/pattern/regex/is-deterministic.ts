import type { Alphabet } from "./alphabet.ts";
import type { StateGraph } from "./state-graph.ts";

/**
 * Whether the next character alone always decides how to go on: from the start and behind each character, no
 * state can be reached in two ways, and no two characters that may come next overlap.
 *
 * This is one-unambiguity (Brüggemann-Klein and Wood, "One-Unambiguous Regular Languages", 1998), made
 * stricter: several ways through empty parts, as in `(|){26}`, count as well, since backtracking tries them
 * all. Without a choice to regret, backtracking visits each state at most once per character.
 */
export function isDeterministic(graph: StateGraph, alphabet: Alphabet): boolean {
  return new DeterminismCheck(graph, alphabet).run();
}

class DeterminismCheck {
  readonly #graph: StateGraph;
  readonly #alphabet: Alphabet;
  readonly #stateSeen: Int32Array;
  readonly #classSeen: Int32Array;
  readonly #pending: number[] = [];
  #round = 0;

  constructor(graph: StateGraph, alphabet: Alphabet) {
    this.#graph = graph;
    this.#alphabet = alphabet;
    this.#stateSeen = new Int32Array(graph.first.length);
    this.#classSeen = new Int32Array(alphabet.size);
  }

  run(): boolean {
    const { entries, first, set, reachable } = this.#graph;
    const done = new Uint8Array(first.length);
    const sources = [...entries];
    for (let state = 0; state < first.length; state += 1) {
      if (set[state]! >= 0 && reachable[state] === 1) sources.push(first[state]!);
    }
    for (const source of sources) {
      if (done[source] === 1) continue;
      done[source] = 1;
      if (!this.#decidesFrom(source)) return false;
    }
    return true;
  }

  #decidesFrom(source: number): boolean {
    const { first, second, set } = this.#graph;
    const pending = this.#pending;
    this.#round += 1;
    pending.push(source);
    for (let state = pending.pop(); state !== undefined; state = pending.pop()) {
      if (this.#stateSeen[state] === this.#round) return false;
      this.#stateSeen[state] = this.#round;
      if (set[state]! >= 0) {
        if (!this.#addSet(set[state]!)) return false;
        continue;
      }
      if (second[state]! >= 0) pending.push(second[state]!);
      if (first[state]! >= 0) pending.push(first[state]!);
    }
    return true;
  }

  #addSet(set: number): boolean {
    for (const member of this.#alphabet.members[set]!) {
      if (this.#classSeen[member] === this.#round) return false;
      this.#classSeen[member] = this.#round;
    }
    return true;
  }
}
