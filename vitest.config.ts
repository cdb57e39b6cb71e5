import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { ENTRIES } from "./test/support/entries.ts";

export default defineConfig({
  resolve: {
    alias: Object.entries(ENTRIES).map(([name, file]) => ({
      find: new RegExp(`^${name}$`),
      replacement: file,
    })),
  },
  test: {
    include: ["test/**/*.test.ts"],
    // By default one core is left free, which is half of a small machine.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 20_000,
    hookTimeout: 20_000,
    coverage: {
      provider: "v8",
      include: ["src/**/*.ts"],
      reporter: ["text-summary", "html", "json-summary"],
      thresholds: { lines: 95, branches: 95, functions: 90, statements: 95 },
    },
  },
});
