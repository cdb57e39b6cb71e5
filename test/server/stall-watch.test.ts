import { expect, test } from "vitest";
import { StallWatch } from "../../src/server/stall-watch.ts";

test("only what waits and is not taken at all for the whole time ends", () => {
  const ended: string[] = [];
  const taken: Record<string, number | null> = { idle: null, stalled: 7, slow: 0, late: 3 };
  const watch = new StallWatch<string>({
    taken: (name) => taken[name] ?? null,
    end: (name) => {
      ended.push(name);
      taken[name] = null;
    },
  });
  const names = Object.keys(taken);
  for (let look = 0; look < 4; look++) {
    watch.check(names);
  }
  expect(ended).toEqual([]);
  taken.slow = 1;
  taken.late = null;
  watch.check(names);
  expect(ended).toEqual(["stalled"]);
  // What waited before does not count once nothing has waited.
  taken.late = 3;
  for (let look = 0; look < 4; look++) {
    taken.slow = look + 2;
    watch.check(names);
  }
  expect(ended).toEqual(["stalled"]);
  watch.check(names);
  expect(ended).toEqual(["stalled", "late"]);
});
