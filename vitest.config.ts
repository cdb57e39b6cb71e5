import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const source = (path: string): string => fileURLToPath(new URL(`./src/${path}`, import.meta.url));

/** As the `exports` of package.json, with their sources. */
const ENTRIES = {
  argania: "index.ts",
  "argania/cookies": "data/cookies/index.ts",
  "argania/fastest-validator": "data/validation/index.ts",
  "argania/middleware": "middleware/index.ts",
  "argania/multipart": "data/multipart/index.ts",
  "argania/negotiation": "response/negotiation/index.ts",
  "argania/sse": "data/sse/index.ts",
  "argania/static": "resource/static/index.ts",
  "argania/websocket": "data/websocket/index.ts",
};

export default defineConfig({
  resolve: {
    alias: Object.entries(ENTRIES).map(([name, file]) => ({
      find: new RegExp(`^${name}$`),
      replacement: source(file),
    })),
  },
  test: {
    include: ["test/**/*.test.ts"],
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
