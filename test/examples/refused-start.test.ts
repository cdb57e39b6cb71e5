import { createServer } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { runExample } from "./run-example.ts";

/** What an example prints that does not come to serve. */
async function outputOf(name: string, env: Readonly<Record<string, string>>): Promise<string> {
  const example = await runExample(name, env).catch((error: Error) => error);
  if (!(example instanceof Error)) {
    await example.stop();
    throw new Error("It serves.");
  }
  return example.message;
}

async function takenPort(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
  });
  return String((server.address() as { port: number }).port);
}

const STACK = /\n\s+at /;

describe.each(["auth", "saas", "spa-api"])("the example %s", (name) => {
  it("says that its port is taken, without a stack", async () => {
    const port = await takenPort();
    const output = await outputOf(name, { PORT: port });
    expect(output).toContain(`address already in use 127.0.0.1:${port}`);
    expect(output).not.toMatch(STACK);
  });

  it("says that its port is none, without a stack", async () => {
    const output = await outputOf(name, { PORT: "abc" });
    expect(output).toMatch(/port|number/i);
    expect(output).not.toMatch(STACK);
  });
});

it("the example saas says that it lacks a password, without a stack", async () => {
  const output = await outputOf("saas", { NODE_ENV: "production" });
  expect(output).toContain("admin");
  expect(output).not.toMatch(STACK);
});
