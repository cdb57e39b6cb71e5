import { executionAsyncResource } from "node:async_hooks";
import { setFlagsFromString } from "node:v8";
import { Resource } from "argania";
import { expect, it } from "vitest";
import { heldTick } from "../../src/handler/fast-ticks.ts";

const tick = () =>
  new Promise<object>((resolve) => process.nextTick(() => resolve(executionAsyncResource())));

it("holds an object of Node's that has the shape of all that stand for a tick", async () => {
  new Resource("/").intoService();
  const later = await tick();
  setFlagsFromString("--allow-natives-syntax");
  const haveSameMap = new Function("a", "b", "return %HaveSameMap(a, b)") as (
    a: object,
    b: object,
  ) => boolean;
  setFlagsFromString("--no-allow-natives-syntax");
  const held = heldTick() as object;
  expect(Object.keys(held)).toContain("callback");
  expect(held).not.toBe(later);
  expect(haveSameMap(held, later)).toBe(true);
  expect(haveSameMap({}, later)).toBe(false);
});

it("holds one for all services", async () => {
  new Resource("/").intoService();
  await tick();
  const first = heldTick();
  new Resource("/").intoService();
  await tick();
  expect(heldTick()).toBe(first);
});
