import { fastestValidator } from "argania/fastest-validator";
import { describe, expect, it } from "vitest";

interface Level {
  next?: Level;
  b: string;
}

/** Rules that try what is inside twice at each level, since their first alternative fails only behind it. */
function chain(): object[] {
  const node: object[] = [];
  node.push(
    { $$type: "object|optional", next: node, a: "string" },
    { $$type: "object|optional", next: node, b: "string" },
  );
  return node;
}

function levels(depth: number): Level {
  let value: Level = { b: "end" };
  for (let at = 1; at < depth; at++) {
    value = { next: value, b: "x" };
  }
  return value;
}

describe.each([false, true])("recursive alternatives, $$async: %s", ($$async) => {
  const check = async (rules: unknown, value: unknown) =>
    fastestValidator({ $$async, root: rules } as never)["~standard"].validate({ root: value });

  it("take a value that is a few levels deep", async () => {
    const root = levels(8);
    expect(await check(chain(), root)).toEqual({ value: { root } });
  });

  // Twice the checks for each level: 2^60 would take a thousand years.
  it("refuse what would be tried for ever", async () => {
    const { issues } = await check(chain(), levels(60));
    expect(issues?.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/is nested too deep\.$/),
    );
  });

  it("take a tree of any size whose checks are not in vain", async () => {
    const tree: unknown[] = ["number"];
    tree.push({ $$type: "object", left: tree, right: tree });
    const grown = (depth: number): unknown =>
      depth === 0 ? 1 : { left: grown(depth - 1), right: grown(depth - 1) };
    const result = await check(tree, grown(16));
    expect(result.issues).toBeUndefined();
  });

  it("count for each value by itself", async () => {
    const schema = fastestValidator({ $$async, root: chain() } as never)["~standard"];
    for (let round = 0; round < 40; round++) {
      const result = await schema.validate({ root: levels(12) });
      expect(result.issues).toBeUndefined();
    }
  });
});
