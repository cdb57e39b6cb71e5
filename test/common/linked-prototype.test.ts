import { describe, expect, test, vi } from "vitest";
import { linkWhenAsked } from "../../src/common/linked-prototype.ts";

class Platform {
  shared = "";
  get kind(): string {
    return "platform";
  }
  set note(text: string) {
    this.shared = text;
  }
}

function linked() {
  class Own {
    own = 1;
  }
  const platform = vi.fn(() => Platform.prototype as object);
  linkWhenAsked(Own.prototype, platform);
  return { Own, platform, instance: new Own() as Own & Platform };
}

describe("a class that is linked when asked", () => {
  test("loads nothing for what it has itself, and for whoever awaits it", async () => {
    const { Own, platform, instance } = linked();
    expect(instance.own).toBe(1);
    expect(instance instanceof Own).toBe(true);
    expect(await instance).toBe(instance);
    expect(await Promise.resolve(instance)).toBe(instance);
    expect(platform).not.toHaveBeenCalled();
  });

  test.each<[string, (instance: object) => unknown, unknown]>([
    ["instanceof", (instance) => instance instanceof Platform, true],
    ["in", (instance) => "kind" in instance, true],
    ["in, of nothing", (instance) => "nothing" in instance, false],
    ["a property", (instance) => (instance as Platform).kind, "platform"],
    ["a property of all objects", (instance) => typeof instance.toString, "function"],
    [
      "setting",
      (instance) => {
        (instance as Platform).note = "noted";
        return (instance as Platform).shared;
      },
      "noted",
    ],
  ])("is linked by %s, once and for all", (_, ask, expected) => {
    const { Own, platform, instance } = linked();
    expect(ask(instance)).toBe(expected);
    expect(Object.getPrototypeOf(Own.prototype)).toBe(Platform.prototype);
    ask(new Own());
    expect(platform).toHaveBeenCalledTimes(1);
  });

  test("is linked once, however often it is asked for", () => {
    const { Own, platform } = linked();
    const again = vi.fn(() => Array.prototype as object);
    linkWhenAsked(Own.prototype, again);
    expect(new Own() instanceof Platform).toBe(true);
    linkWhenAsked(Own.prototype, again);
    expect(platform).toHaveBeenCalledTimes(1);
    expect(again).not.toHaveBeenCalled();
  });

  test("keeps the prototype that it has", () => {
    class Derived extends Platform {}
    linkWhenAsked(Derived.prototype, () => Map.prototype);
    expect(new Derived() instanceof Map).toBe(false);
  });
});
