// Installs and builds if needed, runs vitest with the arguments given, and ends with one line that counts the tests.

import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { ensureBuilt, ensureInstalled, root } from "./setup.mjs";

ensureInstalled();
// Here, since several files test what is built: they run at the same time, and two builds at once would spoil it.
ensureBuilt();

const cache = join(root, "node_modules", ".cache", "argania");
const report = join(cache, `vitest-${process.pid}.json`);
mkdirSync(cache, { recursive: true });

const child = spawn(
  process.execPath,
  [
    join(root, "node_modules", "vitest", "vitest.mjs"),
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
    ...process.argv.slice(2),
  ],
  { cwd: root, stdio: "inherit" },
);
// The terminal sends Ctrl-C to the child too; a signal to this process alone is passed on.
for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
process.on("SIGINT", () => {});

child.on("error", (error) => {
  console.error(`vitest could not be started: ${error.message}`);
  process.exitCode = 1;
});
child.on("close", (code, signal) => {
  const counts = readCounts();
  rmSync(report, { force: true });
  process.exitCode = code ?? 128 + (constants.signals[signal] ?? 0);
  if (counts === undefined) {
    console.error("vitest left no report: nothing is known of the tests.");
    process.exitCode ||= 1;
    return;
  }
  if (counts.failed > 0) process.exitCode ||= 1;
  if (process.exitCode !== 0 && counts.failed === 0) {
    console.error(`No test failed, but the run did (exit code ${process.exitCode}): see above.`);
  }
  const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : "";
  console.log(`${counts.passed} passed, ${counts.failed} failed${skipped}`);
});

function readCounts() {
  let results;
  try {
    results = JSON.parse(readFileSync(report, "utf8"));
  } catch {
    return undefined;
  }
  // A file that failed outside its tests (an import, a hook) counts as one failure.
  const brokenFiles = results.testResults.filter(
    (file) => file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed"),
  );
  return {
    passed: results.numPassedTests,
    failed: results.numFailedTests + brokenFiles.length,
    skipped: results.numPendingTests + results.numTodoTests,
  };
}
