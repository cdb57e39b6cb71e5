import { fileURLToPath } from "node:url";

const source = (path: string): string => fileURLToPath(new URL(`../../src/${path}`, import.meta.url));

/** As the `exports` of package.json, with their sources: what tests load when they import from Argania. */
export const ENTRIES: Readonly<Record<string, string>> = {
  argania: source("index.ts"),
  "argania/app": source("app/index.ts"),
  "argania/connect": source("middleware/connect/index.ts"),
  "argania/cookies": source("data/cookies/index.ts"),
  "argania/fastest-validator": source("data/validation/index.ts"),
  "argania/fetch": source("middleware/fetch/index.ts"),
  "argania/jwt": source("middleware/jwt/index.ts"),
  "argania/logger": source("middleware/logger/index.ts"),
  "argania/middleware": source("middleware/index.ts"),
  "argania/multipart": source("data/multipart/index.ts"),
  "argania/negotiation": source("response/negotiation/index.ts"),
  "argania/sse": source("data/sse/index.ts"),
  "argania/static": source("resource/static/index.ts"),
  "argania/testing": source("inspect/testing/index.ts"),
  "argania/websocket": source("data/websocket/index.ts"),
};
