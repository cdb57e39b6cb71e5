import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";

const CHROMIUMS = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/** Where Chromium is: `CHROMIUM_PATH`, or one of the usual places. */
export function findChromium(): string | undefined {
  const chosen = process.env.CHROMIUM_PATH;
  return (chosen ? [chosen] : CHROMIUMS).find((path) => existsSync(path));
}

/** What curl says of itself; empty when there is none. */
export function curlVersion(): string {
  try {
    return execFileSync("curl", ["--version"], { encoding: "utf8" });
  } catch {
    return "";
  }
}

/** Tests that cannot run here say so where nobody overlooks it. */
export function announceSkipped(what: string, reason: string): void {
  const line = "#".repeat(80);
  console.warn(`${line}\n## NOTICE: ${what} skipped: ${reason}\n${line}`);
}
