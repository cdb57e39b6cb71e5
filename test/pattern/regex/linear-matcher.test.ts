import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { analyseRegex } from "../../../src/pattern/regex/analyse-regex.ts";
import { compileProgram } from "../../../src/pattern/regex/compile-program.ts";
import { LinearMatcher } from "../../../src/pattern/regex/linear-matcher.ts";
import { parseRegex } from "../../../src/pattern/regex/parse-regex.ts";
import { RegexSyntaxError } from "../../../src/pattern/regex/regex-syntax-error.ts";
import { randomInput, randomRegex } from "./random-regex.ts";

function matcherOf(source: string): LinearMatcher {
  return new LinearMatcher(compileProgram(parseRegex(source)));
}

function nativeExec(source: string, input: string): readonly (string | undefined)[] | null {
  const match = new RegExp(`^(?:${source})$`, "u").exec(input);
  return match === null ? null : [...match];
}

function matcherOrSkip(source: string): LinearMatcher {
  try {
    return matcherOf(source);
  } catch (error) {
    fc.pre(!(error instanceof RegexSyntaxError && error.reason === "the regex grows too large"));
    throw error;
  }
}

describe("LinearMatcher", () => {
  it.each([false, true])("finds what the native RegExp finds (lookaheads: %s)", (withLookaheads) => {
    const inputs = fc.array(randomInput(7), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(randomRegex(withLookaheads), inputs, (source, texts) => {
        const matcher = matcherOrSkip(source);
        // The native RegExp takes half a minute for some of these, even on seven characters.
        const isSlow = analyseRegex(parseRegex(source)) === "exponential";
        for (const long of texts) {
          const text = isSlow ? [...long].slice(0, 3).join("") : long;
          expect(matcher.exec(text)).toEqual(nativeExec(source, text));
        }
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    // ECMA-262 forgets captures in each iteration, and refuses empty optional ones.
    ["(z)((a+)?(b+)?(c))*", "zaacbbbcac"],
    ["(?:(a)|b)*", "ab"],
    ["(a*)*", "b"],
    ["(a*)*", ""],
    ["(a?)?", ""],
    ["(a?){0,1}", ""],
    ["(a?)??", ""],
    ["(a?){2}", ""],
    ["(a?){2,}", "a"],
    ["(a|ab)(c|bcd)(d*)", "abcd"],
    ["(?:(?:(a?)b?)*c?)*", "abcab"],
    ["(?:|a)+", "aa"],
    ["((a)|b)*?", "ab"],
    // Lookaheads keep captures of the last time they held.
    ["(?=(a+))a*b", "aab"],
    ["(?:(?=(a)|(b))[ab])*", "ab"],
    ["(?:(?=(a(?:(?=(b)))?)|b)[ab]){1,}", "aba"],
    ["(?:(?=(.*)x).)*x", "abxabx"],
    ["(?!(a)b)a(.)", "ac"],
    ["(?=(?!(b))(.))a", "a"],
    ["(?:(?=(a))){2}a", "a"],
    ["(?:(?=(a))|b)*a?", "ba"],
    // Code points, and not UTF-16 units.
    [".", "\u{1f600}"],
    ["(.)(.)(.*)", "a\u{1f600}b\u{1f600}"],
    ["\\ud83d", "\ud83d"],
    ["(.)\\b(.*)", "\u{1f600}a"],
    ["(\\w+)\\b(.*)", "ab-c"],
    ["(\\w*)\\B(.+)", "_Z9{"],
    ["(.*)-(.*)", `${"\u{1f600}".repeat(40)}-${"\u{1f600}".repeat(40)}`],
    ["(.+)-(.*)", `${"-".repeat(300)}`],
    ["(.{31})(.*)", "a".repeat(32)],
    ["(?:ab|a|b)*(.*)", "ab".repeat(50)],
  ])("%s on %s", (source, input) => {
    expect(matcherOf(source).exec(input)).toEqual(nativeExec(source, input));
  });

  it("takes no more steps than states times positions, whatever native RegExp does", () => {
    const sources = [
      "(x?)".repeat(26),
      "(.+)-(.+)-(.+)-(.+)",
      "(a{1,30}){1,30}",
      "(a|aa){1,50}",
      "(.*a){12}",
    ];
    sources.push(
      "(a+)+",
      "((|){26})*",
      "(?:(?=(.*)x).)*y",
      "(?:(?!.*x).)*",
      `(?:${"(?=.*x)".repeat(100)}.)*y`,
    );
    for (const source of sources) {
      const matcher = matcherOf(source);
      for (const input of ["a", "x", "-", "ax"].flatMap((text) => [
        text.repeat(128),
        `${"a".repeat(255)}!`,
      ])) {
        matcher.exec(input);
        expect(matcher.steps).toBeGreaterThan(0);
        expect(matcher.steps).toBeLessThanOrEqual(matcher.states * (input.length + 1));
      }
    }
  });

  it("stays within its bound for any regex", () => {
    fc.assert(
      fc.property(randomRegex(true), randomInput(80), (source, text) => {
        const matcher = matcherOrSkip(source);
        matcher.exec(text);
        expect(matcher.steps).toBeLessThanOrEqual(2 * matcher.states * ([...text].length + 1));
      }),
      { numRuns: 500 },
    );
  });
});
