import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LightHeaders } from "../../src/common/light-headers.ts";

type Operation =
  | { readonly kind: "append" | "set"; readonly name: string; readonly value: string }
  | { readonly kind: "delete" | "get" | "has"; readonly name: string };

// The platform joins `Cookie` with "; ", which the Fetch Standard does not say; it has a test of its own elsewhere.
const name = fc.oneof(
  fc.constantFrom("accept", "Accept", "ACCEPT", "x-a", "X-A", "set-cookie", "Set-Cookie", "vary"),
  fc.constantFrom("", " ", "a b", "a:b", "a\r\nb", "é", "x\0", "(x)", "!#$%&'*+-.^_`|~"),
);
const value = fc.oneof(
  fc.constantFrom(
    "1",
    "2",
    "",
    "a, b",
    "é",
    " padded\t",
    "\r\n folded ",
    "x\0",
    "a\r\nset-cookie: b=c",
    "\n",
    "€",
  ),
  fc.string({ maxLength: 6 }),
);
const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({ kind: fc.constantFrom("append" as const, "set" as const), name, value }),
  fc.record({ kind: fc.constantFrom("delete" as const, "get" as const, "has" as const), name }),
);

function outcomeOf(headers: Headers, operation: Operation): unknown {
  try {
    return operation.kind === "append" || operation.kind === "set"
      ? headers[operation.kind](operation.name, operation.value)
      : headers[operation.kind](operation.name);
  } catch (error) {
    return error instanceof TypeError ? "TypeError" : error;
  }
}

function contentsOf(headers: Headers): unknown {
  const viaForEach: unknown[] = [];
  headers.forEach((value, key, parent) => {
    viaForEach.push([key, value, parent === headers]);
  });
  return {
    entries: [...headers.entries()],
    iterated: [...headers],
    keys: [...headers.keys()],
    values: [...headers.values()],
    cookies: headers.getSetCookie(),
    viaForEach,
  };
}

describe("LightHeaders and the platform's Headers", () => {
  it("agree on every sequence of operations", () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 14 }), (operations) => {
        const light = new LightHeaders();
        const platform = new Headers();
        for (const one of operations) {
          expect(outcomeOf(light, one), JSON.stringify(one)).toEqual(outcomeOf(platform, one));
        }
        expect(contentsOf(light)).toEqual(contentsOf(platform));
      }),
      { numRuns: 1_000 },
    );
  });

  it.each(["a b", "", "a\nb", "a:", "ü"])("refuse the name %j in every method", (bad) => {
    const light = new LightHeaders(["x-a", "1"]);
    expect(() => light.append(bad, "1")).toThrow(TypeError);
    expect(() => light.set(bad, "1")).toThrow(TypeError);
    expect(() => light.delete(bad)).toThrow(TypeError);
    expect(() => light.get(bad)).toThrow(TypeError);
    expect(() => light.has(bad)).toThrow(TypeError);
    expect([...light]).toEqual([["x-a", "1"]]);
  });

  it.each(["a\r\nset-cookie: admin=1", "a\nb", "a\rb", "a\0b", "\u0100", "💥"])(
    "refuse the value %j, and keep what was there",
    (bad) => {
      const light = new LightHeaders(["x-a", "old"]);
      expect(() => light.append("x-a", bad)).toThrow(TypeError);
      expect(() => light.set("x-a", bad)).toThrow(TypeError);
      expect(light.get("x-a")).toBe("old");
    },
  );

  it("never say anything for names that objects inherit", () => {
    const light = new LightHeaders();
    expect([light.get("constructor"), light.has("__proto__")]).toEqual([null, false]);
    light.set("__proto__", "x");
    expect(light.get("__PROTO__")).toBe("x");
  });
});

describe("iterating while headers change", () => {
  it("gives what is left, never null", () => {
    const light = new LightHeaders(["a", "1", "b", "2", "set-cookie", "x=1", "c", "3"]);
    const seen: unknown[] = [];
    for (const pair of light) {
      seen.push(pair);
      light.delete("b");
      light.delete("set-cookie");
    }
    expect(seen).toEqual([
      ["a", "1"],
      ["c", "3"],
    ]);
  });
});

describe("LightHeaders.from", () => {
  const pairs: readonly (readonly [string, string])[] = [
    ["X-B", "2"],
    ["set-cookie", "a=1"],
    ["Set-Cookie", "b=2"],
    ["x-b", "3"],
  ];
  const expected = [
    ["set-cookie", "a=1"],
    ["set-cookie", "b=2"],
    ["x-b", "2, 3"],
  ];

  it("copies pairs, Headers and LightHeaders with their cookies apart", () => {
    expect([...LightHeaders.from(pairs)]).toEqual(expected);
    expect([...LightHeaders.from(new Headers(pairs as [string, string][]))]).toEqual(expected);
    expect([...LightHeaders.from(LightHeaders.from(pairs))]).toEqual(expected);
    expect([...new Headers([...LightHeaders.from(pairs)])]).toEqual(expected);
  });

  it("copies records, and nothing of undefined", () => {
    expect([...LightHeaders.from({ "X-A": " 1 " })]).toEqual([["x-a", "1"]]);
    expect([...LightHeaders.from(undefined)]).toEqual([]);
  });

  it("makes a copy that has no part in the original", () => {
    const original = new LightHeaders(["a", "1"]);
    LightHeaders.from(original).set("a", "2");
    expect(original.get("a")).toBe("1");
  });

  it("refuses injection from every form", () => {
    expect(() => LightHeaders.from({ "x\r\ny": "1" })).toThrow(TypeError);
    expect(() => LightHeaders.from([["x", "1\r\n\r\n<script>"]])).toThrow(TypeError);
  });
});

it("calls itself what the platform's does", () => {
  expect(String(new LightHeaders())).toBe("[object Headers]");
});

it("shows nothing to whoever writes all that an object has, like the platform's", () => {
  const headers = new LightHeaders(["authorization", "hidden"]);
  expect([JSON.stringify(headers), Object.keys(headers), { ...headers }]).toEqual(["{}", [], {}]);
});
