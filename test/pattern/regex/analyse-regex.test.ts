import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { analyseRegex, type RegexVerdict } from "../../../src/pattern/regex/analyse-regex.ts";
import { compileProgram } from "../../../src/pattern/regex/compile-program.ts";
import { parseRegex } from "../../../src/pattern/regex/parse-regex.ts";
import type { RegexNode, RepeatNode } from "../../../src/pattern/regex/regex-node.ts";
import { RegexSyntaxError } from "../../../src/pattern/regex/regex-syntax-error.ts";
import { randomInput, randomRegex } from "./random-regex.ts";

const ideographs = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => String.fromCharCode(0x4e00 + i));

const VERDICTS: readonly (readonly [RegexVerdict, readonly string[]])[] = [
  [
    "unambiguous",
    [
      ...[
        "",
        "a",
        "abc",
        "\\d+",
        "\\d{4}",
        "\\d{1,4}",
        "[a-z]{1,200}",
        ".{1,256}",
        "\\d{1000}",
        "a?b?c?",
        "a*b",
        ".*",
      ],
      ...[
        "[a-z0-9]+(-[a-z0-9]+)*",
        "(\\d{4})-(\\d\\d)-(\\d\\d)",
        "[^-]+-[^-]+",
        "a|b|cd",
        "(a|b)*c",
        "(?:a?)*",
      ],
      ...[
        "\\w+\\.(?:html|json)",
        "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
        "(?:a?|b)*c",
        "\\p{L}+-\\p{N}+",
      ],
      ...[
        "(?!edit$|new$)[a-z]+",
        "^(?=[^x]*x)\\w+",
        "(?:(?=a)|b)c",
        "(?=(?=a)b|a)b",
        "(?:[ab]{1,900}c)*",
        "(?:){1000000000}",
        "a{0}b",
      ],
      ...["[]", "(?:(?:a?)?)?", "(?:(?:a?)?b)*"],
    ],
  ],
  [
    "ambiguous",
    [
      ...[
        "(.+)-(.+)",
        "(.+) \\((.+)\\)",
        "(\\d+,)*\\d+",
        ".*a.*",
        "a?a",
        "a|ab",
        "a*a*a*",
        "[a-z]+\\w*",
        "\\w+\\d+",
      ],
      ...[
        "(x?)".repeat(26),
        "(.*a){12}",
        "(a{1,30}){1,30}",
        "(a|aa){1,50}",
        "(|){26}",
        "((|){26})*",
        "(a*|b*)c",
      ],
      ...["(?!edit|export)[a-z]+", "(?:(?=.*x).)*", "a+(?=b).*", "(?=.*a.*)b", "(?:a|a)"],
      ...["(a+){2}", "(?:[ab]?){900}", "\\p{L}+\\p{Lu}", "(a(?=b))", "(?:\\p{L}+ )*\\p{L}+", "(?:a?){2,}b"],
    ],
  ],
  [
    "exponential",
    [
      ...[
        "(a+)+",
        "(a*)*",
        "(a|a)*",
        "(a|b|ab)*",
        "(\\w+\\s?)*",
        "(.*a)*",
        "(?:a*?)*?",
        "([a-z]+)*",
        "(a?a)+",
        "(a|aa)+",
      ],
      ...[
        "(a+)+b",
        "x(a+)+y",
        "(?:(?:a?)*)*",
        "(?=(a+)+b)a*",
        "(?!(?:a|a)*b)a*",
        "(a+){2,}",
        "((a+){3})*",
        "(a(|))*",
      ],
      ...[
        "([^-]+-?)*",
        "(?:[ab]?){2,}c*(?:d+)+",
        "((?:[ab]?){300}c)*",
        "(?:.|\\n|.)*",
        "(\\p{L}|\\p{Lu})*",
        "(a*b?)*",
      ],
      ...[
        "((?:[ab]?){900}c)*",
        "(?:(?:a|ab)(?:c|bc))*",
        "(?:(a{1,30}){1,28}-)*",
        "(a?b?)*c",
        "(?:(?:(?:ab?)?c?)?d?)*",
      ],
    ],
  ],
];

function analyse(source: string): RegexVerdict {
  return analyseRegex(parseRegex(source));
}

/** Backtracks as ECMA-262 describes, without memory, and counts how often it tests a character. */
class NaiveMatcher {
  tries = 0;
  readonly #points: readonly number[];

  constructor(input: string) {
    this.#points = [...input].map((text) => text.codePointAt(0)!);
  }

  match(node: RegexNode): boolean {
    return this.#match(node, 0, (end) => end === this.#points.length);
  }

  #match(node: RegexNode, at: number, next: (at: number) => boolean): boolean {
    switch (node.kind) {
      case "set": {
        this.tries += 1;
        const point = this.#points[at] ?? -1;
        const found = node.set.some((from, i) => i % 2 === 0 && from <= point && point <= node.set[i + 1]!);
        return found && next(at + 1);
      }
      case "assert":
        // Which way this goes is of no importance for an upper bound: as if it always held.
        return next(at);
      case "look":
        return this.#match(node.body, at, () => true) !== node.negative && next(at);
      case "group":
        return this.#match(node.body, at, next);
      case "sequence": {
        const from = (item: number, place: number): boolean =>
          item === node.items.length
            ? next(place)
            : this.#match(node.items[item]!, place, (end) => from(item + 1, end));
        return from(0, at);
      }
      case "choice":
        return node.options.some((option) => this.#match(option, at, next));
      case "repeat":
        return this.#repeat(node, node.min, node.max, at, next);
    }
  }

  #repeat(node: RepeatNode, min: number, max: number, at: number, next: (at: number) => boolean): boolean {
    if (max === 0) return next(at);
    const again = (): boolean =>
      this.#match(node.body, at, (end) => {
        if (min === 0 && end === at) return false;
        return this.#repeat(node, Math.max(min - 1, 0), max - 1, end, next);
      });
    if (min > 0) return again();
    return node.greedy ? again() || next(at) : next(at) || again();
  }
}

describe("analyseRegex", () => {
  describe.each(VERDICTS)("%s", (verdict, sources) => {
    it.each(sources)("%s", (source) => expect(analyse(source)).toBe(verdict));
  });

  it("accepts or refuses the largest regexes without blowing up", () => {
    expect(analyse(`(?:${ideographs(490).join("|")})*`)).toBe("unambiguous");
    expect(analyse(`(?:${ideographs(240).join("?")}?)*`)).toBe("exponential");
    expect(analyse(`(?:${ideographs(490).join("|")})*.*`)).toBe("ambiguous");
    expect(() => analyse(ideographs(600).join(""))).toThrow(RegexSyntaxError);
  });

  it.each([
    ["a{2001}", 1],
    ["x(?:[ab]{1,50}){1,50}", 15],
    ["((((a{1000}){1000}){1000}){1000})", 26],
    ["(?:a?){0,900}", 6],
    ["b".repeat(2500), 0],
    ["a{99999999999999999999}", 1],
    [`a{${"9".repeat(400)}}`, 1],
    ["(?:a{1000}){3,}", 11],
  ])("%s grows too large", (source, position) => {
    const refused = expect.objectContaining({ position, reason: "the regex grows too large" });
    expect(() => analyse(source)).toThrow(refused);
  });

  it("calls only those regexes unambiguous that backtrack in linear time", () => {
    fc.assert(
      fc.property(
        randomRegex(false),
        fc.array(randomInput(20), { minLength: 1, maxLength: 5 }),
        (source, inputs) => {
          const node = parseRegex(source);
          let states = 0;
          try {
            fc.pre(analyseRegex(node) === "unambiguous");
            const program = compileProgram(node);
            states = program.opcodes.length * program.levels;
          } catch (error) {
            fc.pre(!(error instanceof RegexSyntaxError));
            throw error;
          }
          for (const input of inputs) {
            const matcher = new NaiveMatcher(input);
            matcher.match(node);
            expect(matcher.tries).toBeLessThanOrEqual(states * (input.length + 1));
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});
