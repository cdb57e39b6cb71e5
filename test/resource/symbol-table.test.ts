import { _get, Resource } from "argania";
import { describe, expect, it } from "vitest";

/** CONTRACT §2, the table of configuration symbols: pattern, `/x`, `/x/`, `/x/unknown`. */
const TABLE: readonly (readonly [string, string, string, string])[] = [
  ["/x", "handled", "308 /x", "404"],
  ["/x/", "308 /x/", "handled", "404"],
  ["/x !", "handled", "404", "404"],
  ["/x/ !", "404", "handled", "404"],
  ["/x ?", "handled", "handled", "404"],
  ["/x/ ?", "handled", "handled", "404"],
  ["/x *", "handled", "308 /x", "handled /unknown"],
  ["/x/ *", "308 /x/", "handled", "handled /unknown"],
  ["/x !*", "handled", "404", "handled /unknown"],
  ["/x *!", "handled", "404", "handled /unknown"],
  ["/x/ !*", "404", "handled", "handled /unknown"],
  ["/x ?*", "handled", "handled", "handled /unknown"],
  ["/x *?", "handled", "handled", "handled /unknown"],
  ["/x/ ?*", "handled", "handled", "handled /unknown"],
];

describe.each(TABLE)("the pattern %j", (pattern, bare, slashed, unknown) => {
  const root = new Resource("/").addSubresource(
    new Resource(pattern as string).setHandlerFor(
      _get.to(({ subtreePath }) => `handled${subtreePath === "" ? "" : ` ${subtreePath}`}`),
    ),
  );
  const service = root.intoService();

  it.each([
    ["/x", bare],
    ["/x/", slashed],
    ["/x/unknown", unknown],
  ])("answers %s with %s", async (path, expected) => {
    const response = await service.request(path);
    const text = await response.text();
    const seen =
      response.status === 200
        ? text
        : [response.status, response.headers.get("location")].filter(Boolean).join(" ");
    expect(seen).toBe(expected);
  });
});

describe("the root", () => {
  it("handles its subtree with *", async () => {
    const service = new Resource("/ *")
      .setHandlerFor(_get.to(({ subtreeSegments }) => subtreeSegments))
      .intoService();
    expect(await (await service.request("/")).json()).toEqual([]);
    expect(await (await service.request("/a%2Fb/c/")).json()).toEqual(["a/b", "c"]);
  });

  it("takes no ! and no ?", () => {
    expect(() => new Resource("/ !")).toThrow(/root/);
    expect(() => new Resource("/ ?")).toThrow(/root/);
  });
});
