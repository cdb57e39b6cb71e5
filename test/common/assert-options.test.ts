import { describe, expect, it } from "vitest";
import { assertOptions, wholeNumberOption } from "../../src/common/assert-options.ts";

describe("assertOptions", () => {
  it("takes an object of known names", () => {
    expect(() => assertOptions("XLayer", { a: 1 }, ["a", "b"])).not.toThrow();
    expect(() => assertOptions("XLayer", {}, ["a", "b"])).not.toThrow();
  });

  it.each([null, undefined, "a", 7, ["a"]])("refuses %j", (options) => {
    expect(() => assertOptions("XLayer", options, ["a", "b"])).toThrow(
      /^XLayer takes an object of options, not .*: write \{ a: … \}\.$/,
    );
  });

  it("names what is unknown and lists what there is", () => {
    expect(() => assertOptions("XLayer", { a: 1, c: 2 }, ["a", "b"])).toThrow(
      'XLayer has no option "c". There are: a, b.',
    );
  });
});

describe("wholeNumberOption", () => {
  const range = { least: 0, greatest: 10, preset: 3 };

  it("takes numbers within its range, and has a default", () => {
    expect(wholeNumberOption("XLayer", "n", undefined, range)).toBe(3);
    expect(wholeNumberOption("XLayer", "n", 0, range)).toBe(0);
    expect(wholeNumberOption("XLayer", "n", 10, range)).toBe(10);
  });

  it("refuses others", () => {
    expect(() => wholeNumberOption("XLayer", "n", "7", range)).toThrow(TypeError);
    for (const value of [-1, 11, 1.5, Number.NaN]) {
      expect(() => wholeNumberOption("XLayer", "n", value, range)).toThrow(RangeError);
    }
  });
});
