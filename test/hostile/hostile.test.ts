import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkAnswer } from "./check-answer.ts";
import { type HostileCase, hostileCases } from "./hostile-case.ts";
import { type RunningApp, startApp } from "./start-app.ts";

const CLASSES = [
  "path-traversal",
  "guard-bypass",
  "decoding",
  "regex",
  "host",
  "open-redirect",
  "smuggling",
  "protocol-garbage",
  "error-handling",
  "json-body",
];

let app: RunningApp;
let appWithWildcards: RunningApp;

beforeAll(async () => {
  [app, appWithWildcards] = await Promise.all([startApp(), startApp({ hasWildcards: true })]);
});

afterAll(async () => {
  await Promise.all([app.close(), appWithWildcards.close()]);
});

describe.each(CLASSES)("%s", (name) => {
  const raw = hostileCases([name]).filter((one) => one.raw !== undefined);
  test.each(raw.map((one) => [one.id, one.title, one] as const))("%s %s", async (_id, _title, one) => {
    const { setup, raw: bytes = "", expect: expected } = one;
    app.values.length = 0;
    await checkAnswer(setup.includes('"/{a}"') ? appWithWildcards : app, bytes, expected);
    if (expected.handlerRuns !== undefined) {
      expect(app.values).toHaveLength(expected.handlerRuns);
    }
    if (expected.afterJs !== undefined) {
      expect(expected.afterJs).toBe("({}).polluted===undefined");
      expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    }
  });
});

/** Scenarios of the data, written out in `scenarios.test.ts`, or in `test/server` for the lifecycle. */
const SCRIPTED = ["D09", "E18", "H24", "H26", "M-errh"];

test("no case of these classes is left out", () => {
  const steps = hostileCases(CLASSES).filter((one: HostileCase) => one.raw === undefined);
  expect(steps.map(({ id }) => id)).toEqual(SCRIPTED);
});
