import { describe, expect, it } from "vitest";
import { complementOf, DIGITS, unionOf } from "../../../src/pattern/regex/code-point-set.ts";
import { propertySet } from "../../../src/pattern/regex/property-set.ts";

describe("propertySet", () => {
  it.each([
    "\\p{L}",
    "\\p{Cn}",
    "\\p{Co}",
    "\\P{Script=Latin}",
    "\\p{Noncharacter_Code_Point}",
    "\\p{Cs}",
    "\\p{Any}",
  ])("%s has all code points, and no others", (notation) => {
    const native = new RegExp(`^${notation}$`, "u");
    const ranges: number[] = [];
    for (let point = 0; point <= 0x10ffff; point += 1) {
      if (native.test(String.fromCodePoint(point))) ranges.push(point, point);
    }
    expect(propertySet(notation)).toEqual(unionOf([ranges]));
    expect(propertySet(notation)).toBe(propertySet(notation));
  });

  it("keeps no more than a bounded number of properties", () => {
    const first = propertySet("\\p{Lu}");
    const scripts = ["Greek", "Latin", "Cyrillic", "Armenian", "Hebrew", "Arabic", "Syriac", "Thaana"];
    const names = ["Script", "sc", "Script_Extensions", "scx"].flatMap((name) =>
      scripts.map((s) => `{${name}=${s}}`),
    );
    for (const name of names) for (const letter of ["p", "P"]) propertySet(`\\${letter}${name}`);
    expect(propertySet("\\p{Lu}")).toEqual(first);
  });
});

describe("complementOf", () => {
  it("is its own inverse", () => {
    for (const set of [[], DIGITS, [0, 0x10ffff], [0, 5], [0x10ffff, 0x10ffff]]) {
      expect(complementOf(complementOf(set))).toEqual(set);
    }
  });
});
