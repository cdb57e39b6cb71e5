import { AppStateError } from "argania/app";
import { expect, test } from "vitest";
import { appOf, boom, failureOf } from "./apps.ts";

async function refusalOf(promise: Promise<unknown>): Promise<string> {
  const error = await failureOf(promise);
  expect(error).toBeInstanceOf(AppStateError);
  expect(error.code).toBe("ARGANIA_APP_STATE");
  return error.message;
}

test("run() says that the app runs, until it is closed", async () => {
  const app = appOf([]);
  const first = app.run();
  expect(await refusalOf(app.run())).toMatch(/runs already/);
  await first;
  expect(await refusalOf(app.run())).toMatch(/runs already/);
  await app.close();
  expect(await refusalOf(app.run())).toMatch(/is closed.*make a new App/);
});

test.each(["run", "service"] as const)(
  "run() says that the app is over when %s() has failed",
  async (begin) => {
    const app = appOf([{ name: "failing", beforeRun: boom }]);
    expect((await failureOf(app[begin]())).message).toMatch(/boom/);
    expect(await refusalOf(app.run())).toMatch(/failed to begin.*make a new App/);
  },
);
