import { describe, expect, it } from "vitest";
import { ExponentialRegexError } from "../../../src/pattern/regex/exponential-regex-error.ts";
import { RegexSyntaxError } from "../../../src/pattern/regex/regex-syntax-error.ts";
import { compileSegmentRegex } from "../../../src/pattern/regex/segment-regex.ts";

describe("compileSegmentRegex", () => {
  it("runs unambiguous regexes natively, anchored at both ends", () => {
    const regex = compileSegmentRegex("(\\d{4})-(\\d\\d)");
    expect(regex).toMatchObject({ source: "(\\d{4})-(\\d\\d)", groups: 2, engine: "native" });
    expect([...regex.exec("2024-05")!]).toEqual(["2024-05", "2024", "05"]);
    expect(regex.exec("x2024-05")).toBeNull();
    expect(regex.exec("2024-05x")).toBeNull();
    expect([...compileSegmentRegex("a|b").exec("b")!]).toEqual(["b"]);
    expect(compileSegmentRegex("a|b").exec("ab")).toBeNull();
  });

  it("runs ambiguous regexes in linear time", () => {
    const regex = compileSegmentRegex("(.+)-(.+)");
    expect(regex).toMatchObject({ groups: 2, engine: "linear" });
    expect(regex.exec("a-b-c")).toEqual(["a-b-c", "a-b", "c"]);
    expect(regex.exec("abc")).toBeNull();
    expect(compileSegmentRegex("(.+)-(.+)-(.+)-(.+)").exec(`${"-".repeat(255)}\n`)).toBeNull();
  });

  it("refuses exponential regexes unless they are allowed, again and again", () => {
    for (let i = 0; i < 2; i += 1) {
      expect(() => compileSegmentRegex("(a+)+")).toThrow(ExponentialRegexError);
      const regex = compileSegmentRegex("(a+)+", { allowExponential: true });
      expect(regex.engine).toBe("linear");
      expect(regex.exec(`${"a".repeat(255)}!`)).toBeNull();
      expect(regex.exec("aa")).toEqual(["aa", "aa"]);
      expect(() => compileSegmentRegex("(a+)+", { allowExponential: false })).toThrow(ExponentialRegexError);
    }
    const error = expect.objectContaining({
      name: "ExponentialRegexError",
      source: "(a|a)*",
      hint: expect.any(String),
    });
    expect(() => compileSegmentRegex("(a|a)*")).toThrow(error);
  });

  it("keeps a bounded number of compiled regexes", () => {
    const first = compileSegmentRegex("first");
    expect(compileSegmentRegex("first")).toBe(first);
    for (let i = 0; i < 1100; i += 1) compileSegmentRegex(`x${i}`);
    expect(compileSegmentRegex("first")).not.toBe(first);
    expect([...compileSegmentRegex("first").exec("first")!]).toEqual(["first"]);
  });

  it("refuses wrong syntax, also when only the native RegExp finds it", () => {
    expect(() => compileSegmentRegex("(a")).toThrow(RegexSyntaxError);
    const native = globalThis.RegExp;
    globalThis.RegExp = class extends native {
      constructor(source: string, flags?: string) {
        if (source.includes("disputed")) throw new SyntaxError("no");
        super(source, flags);
      }
    } as RegExpConstructor;
    try {
      const refused = expect.objectContaining({ position: 0, reason: "SyntaxError: no" });
      expect(() => compileSegmentRegex("disputed")).toThrow(refused);
    } finally {
      globalThis.RegExp = native;
    }
  });
});
