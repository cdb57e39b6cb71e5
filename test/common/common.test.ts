import { ArganiaError, DefinitionError, FrozenTreeError, InvalidTreeError, PropertyKind } from "argania";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chain, isPromiseLike } from "../../src/common/maybe-promise.ts";
import { toArray } from "../../src/common/one-or-many.ts";
import { decodeSegment, encodeSegment } from "../../src/common/percent.ts";
import { printTree } from "../../src/common/print-tree.ts";
import { NO_PROPERTIES, overlayProperties } from "../../src/common/property.ts";

const wellFormed = fc.string({ unit: "binary" });

describe("encodeSegment", () => {
  it("is undone by decodeSegment, and never leaves its segment", () => {
    fc.assert(
      fc.property(wellFormed, (segment) => {
        const encoded = encodeSegment(segment);
        expect(encoded).toMatch(/^[\w!$&'()*+,;=:@%.~-]*$/);
        expect(decodeSegment(encoded)).toBe(segment);
      }),
    );
  });

  it("leaves what RFC 3986 allows in a segment as it is", () => {
    expect(encodeSegment("a-._~!$&'()*+,;=:@9")).toBe("a-._~!$&'()*+,;=:@9");
    expect(encodeSegment('a/b?c#d%e f"\\|ü')).toBe("a%2Fb%3Fc%23d%25e%20f%22%5C%7C%C3%BC");
  });

  it("throws a URIError for a lone surrogate", () => {
    expect(() => encodeSegment("\ud800")).toThrow(URIError);
  });
});

describe("decodeSegment", () => {
  it.each([
    ["plain", "plain"],
    ["%2541", "%41"],
    ["a+b", "a+b"],
    ["%", null],
    ["%4", null],
    ["%zz", null],
    ["%FF", null],
    ["%C0%AF", null],
    ["%ED%A0%80", null],
    ["%F4%90%80%80", null],
  ])("makes %j once into %j", (segment, expected) => {
    expect(decodeSegment(segment)).toBe(expected);
  });
});

describe("MaybePromise", () => {
  it("chains at once what is there", () => {
    expect(chain(1, (value) => value + 1)).toBe(2);
  });

  it("chains later what is promised", async () => {
    const chained = chain(Promise.resolve(1), (value) => value + 1);
    expect(chained).toBeInstanceOf(Promise);
    expect(await chained).toBe(2);
  });

  it.each([[null], [undefined], [1], ["then"], [{}], [[]], [() => {}]])("is not promised: %j", (value) => {
    expect(isPromiseLike(value)).toBe(false);
  });

  it("takes a then that is no function for a member like any other", () => {
    // biome-ignore lint/suspicious/noThenProperty: something like a thenable is what is tested
    expect(isPromiseLike({ then: true })).toBe(false);
  });

  it("takes any thenable for a promise", () => {
    // biome-ignore lint/suspicious/noThenProperty: a thenable is what is tested
    expect(isPromiseLike({ then: () => {} })).toBe(true);
  });
});

describe("OneOrMany", () => {
  it("is an array in the end", () => {
    const many = [1, 2];
    expect(toArray(many)).toBe(many);
    expect(toArray(1)).toEqual([1]);
    expect(toArray<undefined>(undefined)).toEqual([undefined]);
  });
});

describe("printTree", () => {
  it("draws children below their parents", () => {
    const leaf = (label: string) => ({ label, children: [] });
    const tree = { label: "root", children: [{ label: "a", children: [leaf("b"), leaf("c")] }, leaf("d")] };
    expect(printTree(tree)).toBe(["root", "├── a", "│   ├── b", "│   └── c", "└── d"].join("\n"));
  });

  it("indents below a last child without a line", () => {
    const tree = { label: "r", children: [{ label: "a", children: [{ label: "b", children: [] }] }] };
    expect(printTree(tree)).toBe(["r", "└── a", "    └── b"].join("\n"));
  });
});

describe("properties", () => {
  const size = new PropertyKind<number>("size", 1);
  const name = new PropertyKind<string>("name", "");

  it("keep the inherited map when nothing is put over it", () => {
    const inherited = new Map<PropertyKind<unknown>, unknown>([[size as PropertyKind<unknown>, 2]]);
    expect(overlayProperties(inherited, NO_PROPERTIES)).toBe(inherited);
  });

  it("let one's own win, without touching the inherited ones", () => {
    const inherited = new Map<PropertyKind<unknown>, unknown>([
      [size as PropertyKind<unknown>, 2],
      [name as PropertyKind<unknown>, "outer"],
    ]);
    const all = overlayProperties(inherited, new Map([[size as PropertyKind<unknown>, 3]]));
    expect([all.get(size as PropertyKind<unknown>), all.get(name as PropertyKind<unknown>)]).toEqual([
      3,
      "outer",
    ]);
    expect(inherited.get(size as PropertyKind<unknown>)).toBe(2);
  });

  it("pair a kind with its value", () => {
    expect(size.to(5)).toEqual({ kind: size, value: 5 });
  });
});

describe("definition errors", () => {
  it("carry a code, their name, and the paths in a frozen list", () => {
    const error = new FrozenTreeError("/a", "add a subresource");
    expect(error).toBeInstanceOf(DefinitionError);
    expect(error).toBeInstanceOf(ArganiaError);
    expect([error.name, error.code, error.paths]).toEqual(["FrozenTreeError", "ARGANIA_FROZEN_TREE", ["/a"]]);
    expect(Object.isFrozen(error.paths)).toBe(true);
    expect(error.message).toContain('add a subresource of "/a"');
    expect(error.message).toContain("then call intoService()");
  });

  it("are listed all at once by an InvalidTreeError", () => {
    const parts = [new FrozenTreeError("/a", "do this"), new FrozenTreeError("/b", "do that")];
    const error = new InvalidTreeError(parts);
    expect(error.errors).toEqual(parts);
    expect(error.paths).toEqual(["/a", "/b"]);
    expect(error.message).toContain("2 problems");
    expect(error.message).toContain("  2. [ARGANIA_FROZEN_TREE] Cannot do that");
    expect(new InvalidTreeError(parts.slice(1)).message).toContain("1 problem.");
  });

  it("do not show their name as a property of their own when they are listed", () => {
    expect(Object.keys(new FrozenTreeError("/a", "x"))).not.toContain("name");
  });
});
