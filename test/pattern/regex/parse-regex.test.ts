import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseRegex } from "../../../src/pattern/regex/parse-regex.ts";
import type { RegexNode } from "../../../src/pattern/regex/regex-node.ts";
import { RegexSyntaxError } from "../../../src/pattern/regex/regex-syntax-error.ts";

function has(node: RegexNode, point: number): boolean {
  if (node.kind !== "set") throw new Error(`${node.kind} is not a set`);
  return node.set.some((from, i) => i % 2 === 0 && from <= point && point <= node.set[i + 1]!);
}

function refusal(source: string): RegexSyntaxError {
  try {
    parseRegex(source);
  } catch (error) {
    if (error instanceof RegexSyntaxError) return error;
    throw error;
  }
  throw new Error(`${source} was accepted`);
}

/** Code points around all limits that the sets below have, and some far away. */
const PROBES: readonly number[] = [
  ...Array.from({ length: 0x180 }, (_, point) => point),
  ...[0x1680, 0x1fff, 0x2000, 0x200a, 0x200b, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000, 0xfeff, 0xd7ff, 0xd800],
  ...[0xdbff, 0xdc00, 0xdfff, 0xe000, 0xfffe, 0xffff, 0x10000, 0x1f600, 0x1f601, 0x10ffff],
];

const SETS = [
  ...[
    "a",
    ".",
    "\\d",
    "\\D",
    "\\w",
    "\\W",
    "\\s",
    "\\S",
    "\\t",
    "\\n",
    "\\v",
    "\\f",
    "\\r",
    "\\0",
    "\\cJ",
    "\\cz",
  ],
  ...[
    "\\x2f",
    "\\u0041",
    "\\u{41}",
    "\\u{1f600}",
    "\\u{00001F600}",
    "\\ud83d\\ude00",
    "\\ud83d",
    "\\u{d83d}",
    "\u{1f600}",
  ],
  ...[
    "\\/",
    "\\^",
    "\\$",
    "\\\\",
    "\\.",
    "\\*",
    "\\+",
    "\\?",
    "\\(",
    "\\)",
    "\\[",
    "\\]",
    "\\{",
    "\\}",
    "\\|",
  ],
  ...[
    "[]",
    "[^]",
    "[abc]",
    "[^abc]",
    "[a-z]",
    "[a-]",
    "[-a]",
    "[^-a]",
    "[a\\-z]",
    "[\\b]",
    "[\\d_]",
    "[^\\W_]",
    "[[a]",
  ],
  ...[
    "[\\u{1f600}-\\u{1f64f}]",
    "[\u{1f600}-\u{1f64f}]",
    "[z-~a-cb-d]",
    "[\\]\\\\]",
    "[\\cA-\\cC]",
    "[.*+?(){}|^$]",
  ],
  ...[
    "\\p{Lu}",
    "\\P{Lu}",
    "[^\\p{L}\\d]",
    "\\p{Script=Greek}",
    "\\p{Any}",
    "\\p{Cs}",
    "[\\s\\S]",
    "[\\x00-\\x1f]",
  ],
];

describe("parseRegex", () => {
  it.each(SETS)("%s stands for the characters of the native RegExp", (source) => {
    const node = parseRegex(source);
    const native = new RegExp(`^${source}$`, "u");
    const wrong = PROBES.filter((point) => has(node, point) !== native.test(String.fromCodePoint(point)));
    expect(wrong).toEqual([]);
  });

  it("keeps what quantifiers need to know", () => {
    const [position, inside] = [7, { groups: [1, 2], looks: [0, 0], nullable: true }];
    expect(parseRegex("(?:(a)?)*?")).toMatchObject({
      kind: "repeat",
      min: 0,
      max: Infinity,
      greedy: false,
      ...inside,
    });
    expect(parseRegex("(?:b|c){2,5}")).toMatchObject({ min: 2, max: 5, greedy: true, position: 7 });
    expect(parseRegex("(?:a?){3,}")).toMatchObject({
      min: 3,
      max: Infinity,
      nullable: true,
      position: position - 1,
    });
    expect(parseRegex("a{4}?")).toMatchObject({ min: 4, max: 4, greedy: false, nullable: false });
    expect(parseRegex("(?:(?=(a)))+")).toMatchObject({ min: 1, looks: [0, 1] });
  });

  it.each([
    // Not supported.
    ["(a)\\1", 3, "the backreference \\1 is not supported"],
    ["a\\k<x>", 1, "the backreference \\k is not supported"],
    ["ab(?<=c)", 2, "lookbehinds are not supported"],
    ["(?<!c)", 0, "lookbehinds are not supported"],
    ["(?<name>a)", 0, "named groups are not supported"],
    ["(?i:a)", 0, "inline flags are not supported"],
    ["(?-i:a)", 0, "inline flags are not supported"],
    // Wrong.
    ["(a", 0, "the group has no end"],
    ["a(?:b", 1, "the group has no end"],
    ["a)", 1, "a ) that closes no group"],
    ["a)(?:b", 1, "a ) that closes no group"],
    ["a|*", 2, "nothing before * to repeat"],
    ["+", 0, "nothing before + to repeat"],
    ["a??b**", 5, "nothing before * to repeat"],
    ["a{", 1, "a lone {"],
    ["a{,3}", 1, "a lone {"],
    ["a}", 1, "a lone }"],
    ["]", 0, "a lone ]"],
    ["a{3,2}", 1, "the counts are in the wrong order"],
    ["^*", 1, "a quantifier after an assertion"],
    ["(?=a)+", 5, "a quantifier after an assertion"],
    ["\\b{2}", 2, "a quantifier after an assertion"],
    ["a\\", 1, "a backslash at the end"],
    ["\\a", 0, "the escape \\a does not exist"],
    ["\\-", 0, "the escape \\- does not exist"],
    ["\\\u{1f600}", 0, "the escape \\\u{1f600} does not exist"],
    ["[\\B]", 1, "the escape \\B does not exist"],
    ["\\01", 0, "octal escapes do not exist in u mode"],
    ["\\x1", 0, "\\x needs two hexadecimal digits"],
    ["\\u12", 0, "\\u needs a code point"],
    ["\\u{110000}", 0, "\\u needs a code point"],
    ["\\u{}", 0, "\\u needs a code point"],
    ["\\c1", 0, "\\c needs a letter"],
    ["\\p{Nonsense}", 0, "an unknown Unicode property"],
    ["\\pL", 0, "an unknown Unicode property"],
    ["a[b", 1, "the class has no end"],
    ["[a-", 0, "the class has no end"],
    ["[z-a]", 1, "the range is in the wrong order"],
    ["[a\\d-z]", 2, "a range needs one character on both sides"],
    ["[a-\\d]", 1, "a range needs one character on both sides"],
    [`${"(".repeat(101)}${")".repeat(101)}`, 100, "too many groups in groups"],
  ])("refuses %s at %i", (source, position, reason) => {
    const error = refusal(source);
    expect(error).toMatchObject({ name: "RegexSyntaxError", position, reason });
    expect(error.hint).not.toBe("");
    expect(error.message).toContain(`${reason}. ${error.hint}`);
  });

  it("accepts exactly what the native RegExp accepts, save for what is not supported", () => {
    const pieces = [
      "a",
      "\\",
      "[",
      "]",
      "{",
      "}",
      "(",
      ")",
      "?",
      ":",
      "=",
      "*",
      "+",
      "|",
      "^",
      "$",
      "-",
      ",",
      "1",
      "0",
    ];
    const letters = [
      ..."dwsbBtnvfrcxupkPL",
      "\u{1f600}",
      "\\u{",
      "(?:",
      "[^",
      "{1,",
      "\\x4",
      "\\u00",
      "\\p{",
    ];
    const source = fc
      .array(fc.constantFrom(...pieces, ...letters), { maxLength: 8 })
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(source, (text) => {
        let isNative = true;
        try {
          new RegExp(text, "u");
        } catch {
          isNative = false;
        }
        if (isNative) {
          // `\1` may refer to a group that exists.
          if (!/\\[1-9]/.test(text)) expect(() => parseRegex(text)).not.toThrow();
        } else expect(() => parseRegex(text)).toThrow(RegexSyntaxError);
      }),
      { numRuns: 20_000 },
    );
  });
});
