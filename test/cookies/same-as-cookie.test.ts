import { parseCookie, stringifySetCookie } from "cookie";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readCookies } from "../../src/request/cookies/read-cookies.ts";
import { setCookie } from "../../src/request/cookies/set-cookie.ts";

/** The package `cookie` is what most servers read and write cookies with: ours must not differ from it. */
describe("cookies", () => {
  const piece = fc.oneof(
    fc.constantFrom(
      ";",
      "=",
      " ",
      "\t",
      ";;",
      "; ",
      "a",
      "b",
      "__proto__",
      "%",
      "%20",
      "%zz",
      "%E4",
      '"',
      ",",
      "\u00e4",
    ),
    fc.string({ maxLength: 4 }),
  );

  it("are read as the package reads them, except that those without a name are left out", () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 16 }), (pieces) => {
        const header = pieces.join("");
        const { "": _nameless, ...expected } = parseCookie(header);
        expect({ ...readCookies(header) }).toEqual(expected);
      }),
      { numRuns: 2_000 },
    );
  });

  it("are written as the package writes them", () => {
    const attributes = fc.record(
      {
        path: fc.constantFrom("/", "/a/b", "/a%20b"),
        domain: fc.constantFrom("example.com", ".example.com", "xn--a.test"),
        maxAge: fc.integer({ min: -5, max: 34_560_000 }),
        expires: fc.date({ min: new Date(0), max: new Date(Date.now() + 86_400_000), noInvalidDate: true }),
        httpOnly: fc.boolean(),
        sameSite: fc.constantFrom("strict", "lax", "none"),
        partitioned: fc.boolean(),
      } as const,
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", maxLength: 20 }),
        attributes,
        fc.boolean(),
        (value, given, isHttps) => {
          const { maxAge, sameSite = "lax", partitioned = false, ...others } = given;
          const secure = isHttps || sameSite === "none" || partitioned;
          const line = stringifySetCookie({
            name: "a",
            value,
            path: "/",
            httpOnly: true,
            ...others,
            ...(maxAge === undefined ? {} : { maxAge: Math.max(0, maxAge) }),
            sameSite,
            partitioned,
            secure,
          });
          expect(setCookie("a", value, given, isHttps).line).toBe(line);
        },
      ),
    );
  });

  it("of nothing but semicolons are read in no time, and are none", () => {
    expect({ ...readCookies(`${";".repeat(60_000)}a`) }).toEqual({});
    expect({ ...readCookies(`${";".repeat(60_000)}a=1`) }).toEqual({ a: "1" });
  });

  it("cannot touch a prototype", () => {
    const values = readCookies("__proto__=1; constructor=2");
    expect(Object.entries(values)).toEqual([
      ["__proto__", "1"],
      ["constructor", "2"],
    ]);
    const inherited: unknown[] = ["toString", "valueOf", "hasOwnProperty"].map((name) => values[name]);
    expect(inherited).toEqual([undefined, undefined, undefined]);
  });
});
