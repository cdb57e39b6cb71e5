import { afterAll, beforeAll, describe, type TestAPI, test } from "vitest";
import { programOf, type Runtime, type RuntimeName, startRuntime } from "./start-runtime.ts";

const NAMES: readonly RuntimeName[] = ["node", "bun", "deno", "workers"];

export interface OnRuntime {
  readonly name: RuntimeName;
  readonly test: TestAPI;
  readonly url: () => string;
  readonly get: (path: string, init?: RequestInit) => Promise<Response>;
}

/** The same tests against the same app wherever it can run; a runtime that is not installed is skipped, and said to be. */
export function onEveryRuntime(title: string, define: (on: OnRuntime) => void, names = NAMES): void {
  for (const name of names) {
    if (programOf(name) === undefined) {
      console.warn(
        `NOTICE: ${name} is not installed: ${title} on it are not tested (npm ci in test/runtimes installs it).`,
      );
      describe.skip(`${title} on ${name}`, () => test("is not installed", () => {}));
      continue;
    }
    describe(`${title} on ${name}`, () => {
      let runtime: Runtime | undefined;
      beforeAll(async () => {
        runtime = await startRuntime(name);
      }, 30_000);
      afterAll(() => runtime?.stop());
      const url = () => runtime?.url ?? "";
      define({ name, test, url, get: (path, init) => fetch(url() + path, { redirect: "manual", ...init }) });
    });
  }
}
