import { fastestValidator } from "argania/fastest-validator";
import { describe, expect, it } from "vitest";
import { toStandardIssue } from "../../src/data/validation/rule-issues.ts";

describe("the path of an issue", () => {
  it.each([
    ["", []],
    ["a.b", ["a", "b"]],
    ["a[0].b", ["a", 0, "b"]],
    ["a['b-c'].d", ["a", "b-c", "d"]],
    ["['b-c']['it's']", ["b-c", "it's"]],
    ["a['b.c", ["a", "['b.c"]],
    ["['['['", ["['['['"]],
    ["a[", ["a", "["]],
  ])("%s", (field, path) => {
    expect(toStandardIssue({ field }).path).toEqual(path);
  });

  // Each quote that is opened would search the whole rest for its end.
  it("is searched once, whatever keys a client chooses", () => {
    const keys = "['".repeat(500);
    const { path } = toStandardIssue({ field: keys });
    expect(path).toEqual([keys]);
  });
});

it("no more issues are described than are sent", async () => {
  const { issues } = await fastestValidator({ list: "number[]" })["~standard"].validate({
    list: new Array(1_000).fill("x"),
  });
  expect(issues).toHaveLength(100);
});
