import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseSafely } from "../../src/data/safe-json.ts";

const escaped = (text: string, isEscaped: readonly boolean[]): string =>
  Array.from(text, (char, at) =>
    isEscaped[at % isEscaped.length] === true
      ? `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`
      : char,
  ).join("");

describe("JSON that poisons prototypes", () => {
  const spelling = fc.array(fc.boolean(), { minLength: 1, maxLength: 12 });
  const around = fc.constantFrom(
    (inner: string) => inner,
    (inner: string) => `[1,null,${inner}]`,
    (inner: string) => `{"a":{"b":[${inner},{}]},"c":null}`,
    (inner: string) => `\uFEFF \n${inner}`,
  );

  it("is refused however it is spelled and however deep it is", () => {
    fc.assert(
      fc.property(spelling, around, (isEscaped, wrap) => {
        expect(parseSafely(wrap(`{"${escaped("__proto__", isEscaped)}" : null}`))).toBe("poisoned");
        const names = [escaped("constructor", isEscaped), escaped("prototype", isEscaped)];
        expect(parseSafely(wrap(`{"${names[0]}":{"${names[1]}":{}}}`))).toBe("poisoned");
      }),
    );
    const deep = `${"[".repeat(100_000)}{"__proto__":1}${"]".repeat(100_000)}`;
    expect(["poisoned", "malformed"]).toContain(parseSafely(deep));
    expect(parseSafely(`[${"0,".repeat(300_000)}{"__proto__":1}]`)).toBe("poisoned");
  });

  it("is not what only looks like it", () => {
    for (const text of [
      '"__proto__"',
      '{"a":"__proto__"}',
      '["constructor","prototype"]',
      '{"constructor":"prototype"}',
      '{"constructor":null}',
      '{"constructor":{"proto":1}}',
      '{"prototype":{"constructor":1}}',
      '{"__proto":1,"\\u0061":"\\u00e4"}',
      "null",
      " null\n",
      "0",
    ]) {
      expect(parseSafely(text)).toEqual({ value: JSON.parse(text) });
    }
  });

  it("is told from what is no JSON, and the stacks of later errors are as long as before", () => {
    const limit = Error.stackTraceLimit;
    for (const text of ["", "\uFEFF", "\uFEFF\uFEFF1", "{", "undefined", "{'a':1}"]) {
      expect(parseSafely(text)).toBe("malformed");
    }
    expect(parseSafely("\uFEFF[1]")).toEqual({ value: [1] });
    expect(Error.stackTraceLimit).toBe(limit);
  });

  it("gives what JSON.parse gives", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const parsed = parseSafely(text);
        if (parsed !== "poisoned") {
          expect(parsed).toEqual({ value: JSON.parse(text) });
        }
      }),
    );
  });
});
