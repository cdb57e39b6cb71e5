import { createLogger } from "argania/logger";
import { expect, it } from "vitest";

function lines() {
  const written: string[] = [];
  const logger = createLogger({ pretty: true, destination: { write: (line: string) => written.push(line) } });
  return { written, logger };
}

const ATTACK = "\u001b[2J\n[00:00:00] ERROR: forged \u009b2J\u202e";
const SHOWN = "\\u001b[2J\\u000a[00:00:00] ERROR: forged \\u009b2J\\u202e";

/** What a terminal would obey, but for what pino-pretty itself colours with. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const UNSAFE = /\u001b\[2J|\n\[00:00:00\] ERROR|[\u009b\u202e]/;

it("writes messages and fields for people without what steers a terminal", () => {
  const { written, logger } = lines();
  logger.info(
    { q: ATTACK, [`key${ATTACK}`]: 1, deep: { list: [ATTACK] }, body: { stack: ATTACK } },
    `search ${ATTACK}`,
  );
  expect(written).toHaveLength(1);
  expect(written[0]).not.toMatch(UNSAFE);
  expect(written[0]).toContain(`search ${SHOWN}`);
});

it("leaves stacks their lines, and nothing else", () => {
  const { written, logger } = lines();
  logger.error({ err: new Error("boom\u001b[2J\u009b") }, "failed");
  expect(written[0]).toMatch(/\n +at /);
  expect(written[0]).not.toMatch(UNSAFE);
});
