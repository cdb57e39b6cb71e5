import { NOT_LINE_ENDS } from "./code-point-set.ts";
import { parseClass } from "./parse-class.ts";
import { parseEscape } from "./parse-escape.ts";
import { RegexCursor } from "./regex-cursor.ts";
import { type AssertionKind, isNullable, type RegexNode } from "./regex-node.ts";

/** Far more than anyone writes, and far less than what overflows the stack of the recursive functions. */
const MAX_DEPTH = 100;

const COUNT = /\{([0-9]+)(?:(,)([0-9]*))?\}/y;

const NAMED_HINT = "Write a plain group (…), and name the variable of the path: {name:regex}.";
const LOOKBEHIND_HINT = "Match the text before as well, and put what is wanted in a group (…).";
const FLAGS_HINT = "Write both cases in classes such as [Aa]; groups without capture are (?:…).";

/**
 * Parses the source of a JavaScript regex as the flag `u` reads it.
 *
 * @throws RegexSyntaxError for wrong syntax, backreferences, lookbehinds, named groups and inline flags.
 */
export function parseRegex(source: string): RegexNode {
  return new RegexParser(source).parse();
}

class RegexParser {
  readonly #cursor: RegexCursor;
  #groups = 1;
  #looks = 0;
  #depth = 0;

  constructor(source: string) {
    this.#cursor = new RegexCursor(source);
  }

  parse(): RegexNode {
    const node = this.#parseChoice();
    if (!this.#cursor.atEnd) this.#fail("a ) that closes no group", "Write \\) for a parenthesis.");
    return node;
  }

  #fail(reason: string, hint: string, position: number = this.#cursor.position): never {
    return this.#cursor.fail(position, reason, hint);
  }

  #parseChoice(): RegexNode {
    const options = [this.#parseSequence()];
    while (this.#cursor.take("|")) options.push(this.#parseSequence());
    return options.length === 1 ? options[0]! : { kind: "choice", options };
  }

  #parseSequence(): RegexNode {
    const items: RegexNode[] = [];
    while (!this.#cursor.atEnd && this.#cursor.unit !== "|" && this.#cursor.unit !== ")") {
      items.push(this.#parseTerm());
    }
    return items.length === 1 ? items[0]! : { kind: "sequence", items };
  }

  #parseTerm(): RegexNode {
    const groups = this.#groups;
    const looks = this.#looks;
    const atom = this.#parseAtom();
    const position = this.#cursor.position;
    const counts = this.#parseQuantifier();
    if (counts === null) return atom;
    if (atom.kind === "assert" || atom.kind === "look") {
      return this.#fail("a quantifier after an assertion", "Wrap the assertion: (?:…).", position);
    }
    const [min, max] = counts;
    if (min > max) this.#fail("the counts are in the wrong order", "Write {least,most}.", position);
    const greedy = !this.#cursor.take("?");
    const nullable = isNullable(atom);
    const inside = { groups: [groups, this.#groups], looks: [looks, this.#looks] } as const;
    return { kind: "repeat", body: atom, min, max, greedy, nullable, ...inside, position };
  }

  #parseQuantifier(): readonly [number, number] | null {
    const cursor = this.#cursor;
    if (cursor.take("*")) return [0, Number.POSITIVE_INFINITY];
    if (cursor.take("+")) return [1, Number.POSITIVE_INFINITY];
    if (cursor.take("?")) return [0, 1];
    const match = cursor.match(COUNT);
    if (match === null) return null;
    const min = Number(match[1]);
    if (match[2] === undefined) return [min, min];
    return [min, match[3] === "" ? Number.POSITIVE_INFINITY : Number(match[3])];
  }

  #parseAtom(): RegexNode {
    const cursor = this.#cursor;
    const unit = cursor.unit;
    if ("*+?".includes(unit)) this.#fail(`nothing before ${unit} to repeat`, `Write \\${unit} for itself.`);
    if ("{]}".includes(unit)) this.#fail(`a lone ${unit}`, `Write \\${unit} for itself.`);
    const point = cursor.codePoint();
    switch (unit) {
      case ".":
        return { kind: "set", set: NOT_LINE_ENDS };
      case "^":
        return { kind: "assert", assertion: "start" };
      case "$":
        return { kind: "assert", assertion: "end" };
      case "[":
        return { kind: "set", set: parseClass(cursor) };
      case "(":
        return this.#parseGroup();
      case "\\":
        return this.#parseEscape();
      default:
        return { kind: "set", set: [point, point] };
    }
  }

  #parseEscape(): RegexNode {
    const letter = this.#cursor.unit;
    if (letter === "b" || letter === "B") {
      const assertion: AssertionKind = letter === "b" ? "word" : "notWord";
      this.#cursor.position += 1;
      return { kind: "assert", assertion };
    }
    const escaped = parseEscape(this.#cursor);
    return { kind: "set", set: typeof escaped === "number" ? [escaped, escaped] : escaped };
  }

  #parseGroup(): RegexNode {
    const cursor = this.#cursor;
    const start = cursor.position - 1;
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) this.#fail("too many groups in groups", "Write a simpler regex.", start);
    let node: RegexNode;
    if (cursor.take("?:")) node = { kind: "sequence", items: [this.#parseBody(start)] };
    else if (cursor.take("?=")) node = this.#parseLook(false, start);
    else if (cursor.take("?!")) node = this.#parseLook(true, start);
    else if (cursor.unit === "?") node = this.#failGroup(start);
    else {
      const index = this.#groups;
      this.#groups += 1;
      node = { kind: "group", index, body: this.#parseBody(start) };
    }
    this.#depth -= 1;
    return node;
  }

  #parseBody(start: number): RegexNode {
    const body = this.#parseChoice();
    if (!this.#cursor.take(")")) this.#fail("the group has no end", "Add ), or write \\( for itself.", start);
    return body;
  }

  #parseLook(negative: boolean, start: number): RegexNode {
    const groups = this.#groups;
    const body = this.#parseBody(start);
    // A negative lookahead never leaves captures behind: it holds only when its body did not match.
    if (negative || groups === this.#groups) return { kind: "look", negative, body, slot: -1 };
    const slot = this.#looks;
    this.#looks += 1;
    return { kind: "look", negative, body, slot };
  }

  #failGroup(start: number): never {
    const cursor = this.#cursor;
    if (cursor.take("?<=") || cursor.take("?<!")) {
      return this.#fail("lookbehinds are not supported", LOOKBEHIND_HINT, start);
    }
    if (cursor.take("?<")) return this.#fail("named groups are not supported", NAMED_HINT, start);
    return this.#fail("inline flags are not supported", FLAGS_HINT, start);
  }
}
