import { _get, bodyLimit, PropertyKind, Resource, Router } from "argania";
import { describe, expect, it } from "vitest";

const untyped = (value: unknown) => value as never;

describe("what is no option with a value is refused", () => {
  it.each<[string, (property: never) => unknown, string]>([
    ["setProperty", (property) => new Resource("/").setProperty(property), "setProperty(bodyLimit.to("],
    [
      "setProperty of a router",
      (property) => new Router().setProperty(property),
      "setProperty(bodyLimit.to(",
    ],
    ["withProperty", (property) => _get.to(() => "x").withProperty(property), "withProperty(bodyLimit.to("],
  ])("%s", (_, give, instead) => {
    for (const [value, what] of [
      [{}, "an object"],
      [undefined, "undefined"],
      [null, "null"],
      [5, "a number"],
      [bodyLimit, "an option without one"],
      [[bodyLimit.to(5)], "an array"],
      [{ kind: bodyLimit }, "an object"],
      [{ kind: "body limit", value: 5 }, "an object"],
    ] as const) {
      expect(() => give(untyped(value))).toThrow(TypeError);
      expect(() => give(untyped(value))).toThrow(`not ${what}: write ${instead}`);
    }
    expect(() => give(untyped(bodyLimit.to(5)))).not.toThrow();
  });
});

describe("an option without a name or a default is refused", () => {
  it.each([[[]], [["page size"]], [[""]], [["", 5]], [[5, 5]], [[undefined, 5]], [["page size", 5, 6]]])(
    "%j",
    (values: unknown[]) => {
      const make = () => Reflect.construct(PropertyKind, values);
      expect(make).toThrow(TypeError);
      expect(make).toThrow('new PropertyKind("page size", 20)');
    },
  );

  it("undefined is a default where it is written", () => {
    expect(new PropertyKind<number | undefined>("page size", undefined).defaultValue).toBeUndefined();
  });
});
