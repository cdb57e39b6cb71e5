import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findJsonError } from "../../src/data/json-syntax.ts";

describe("where JSON ends to be JSON", () => {
  it.each<[string, number]>([
    ["", 0],
    [" ", 1],
    ["1", -1],
    ["-", 0],
    ["01", 1],
    ["1.", 1],
    ["1e+", 1],
    ["-0.5E-2", -1],
    ["+1", 0],
    ["NaN", 0],
    ["nul", 0],
    ["nulll", 4],
    ["true false", 5],
    ['"', 1],
    ['"a', 2],
    ['"\n"', 1],
    ['"\\x"', 1],
    ['"\\u12g4"', 1],
    ['"\\u1234\\"\\/"', -1],
    ["'a'", 0],
    ["[", 1],
    ["[]", -1],
    ["[,]", 1],
    ["[1,]", 3],
    ["[1 2]", 3],
    ["[1}", 2],
    ["[]]", 2],
    ["{", 1],
    ["{}", -1],
    ["{,}", 1],
    ['{"a"}', 4],
    ['{"a" :}', 6],
    ['{"a":1,}', 7],
    ['{"a":1 "b"', 7],
    ['{"a":1,"b', 9],
    ["{1:2}", 1],
    ['{"a":[{"b":{}}]}', -1],
    ['{"a":[{"b":{]}]}', 12],
    ["\uFEFF1", 0],
    ["\u00a01", 0],
  ])("%j: %i", (text, expected) => {
    expect(findJsonError(text)).toBe(expected);
  });

  const isJson = (text: string) => {
    try {
      JSON.parse(text);
      return true;
    } catch {
      return false;
    }
  };

  /** Up to here there is nothing wrong: something may follow that makes it JSON, or it is JSON. */
  const piece = fc.constantFrom(
    ...['"', "\\", "\\u", "00e9", "{", "}", "[", "]", ",", ":", " ", "\n", "1", "-", ".", "e", "0"],
    ...["true", "null", "fals", '"a"', '"a":', "\uFEFF", "\u0001", "é"],
  );

  it("is found exactly where JSON.parse finds one", () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join("");
        expect(findJsonError(text) < 0).toBe(isJson(text));
      }),
      { numRuns: 20_000 },
    );
  });

  it("is not in JSON, however it is written, and is at the end of what is cut off", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(4), fc.nat(), (value, indent, cut) => {
        const text = JSON.stringify(value, null, indent);
        expect(findJsonError(text)).toBe(-1);
        const inside = `[${text}]`;
        const part = inside.slice(0, cut % inside.length);
        const end = findJsonError(part);
        // A number, a literal or an escape that is cut off is not expected where it begins.
        expect(end >= part.length - 6 && end <= part.length).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it("is the same as the engine's, where that tells it", () => {
    let told = 0;
    fc.assert(
      fc.property(fc.json(), fc.nat(), piece, (json, at, other) => {
        const index = at % (json.length + 1);
        const text = json.slice(0, index) + other + json.slice(index);
        const position = positionInMessage(text);
        if (position !== undefined) {
          told++;
          const found = findJsonError(text);
          // Engines look into a number or a literal, here its beginning counts.
          expect(found <= position && /^[\w.+\\-]*$/.test(text.slice(found, position))).toBe(true);
        }
      }),
      { numRuns: 5_000 },
    );
    expect(told).toBeGreaterThan(100);
  });
});

function positionInMessage(text: string): number | undefined {
  try {
    JSON.parse(text);
  } catch (error) {
    const [, position] = /at position (\d+)/.exec((error as Error).message) ?? [];
    return position === undefined ? undefined : Number(position);
  }
  return undefined;
}
