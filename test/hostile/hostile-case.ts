import { readFileSync } from "node:fs";

/** One entry of `test/data/hostile.json`. */
export interface HostileCase {
  readonly id: string;
  readonly class: string;
  readonly title: string;
  /** Bytes as latin1; `{{rep:STR:N}}` repeats. A case without them is a scenario, `steps`. */
  readonly raw?: string;
  readonly steps?: readonly string[];
  readonly setup: string;
  readonly expect: Expectation;
}

export interface Expectation {
  /** Allowed ones; 0 is a connection closed without an answer. */
  readonly status?: readonly number[];
  readonly firstStatusNot?: number;
  readonly responses?: number;
  readonly bodiesInOrder?: readonly string[];
  readonly bodyEquals?: string;
  readonly bodyIncludes?: readonly string[];
  readonly bodyExcludes?: readonly string[];
  /** Name to regex. */
  readonly header?: Readonly<Record<string, string>>;
  readonly headerAbsent?: readonly string[];
  readonly headerExcludes?: Readonly<Record<string, string>>;
  readonly locationSafe?: boolean;
  readonly close?: "yes" | "either";
  readonly maxMs?: number;
  readonly maxBody?: number;
  readonly noBody?: boolean;
  readonly endsWith?: string;
  readonly bytesInclude?: string;
  readonly truncated?: boolean;
  readonly alive?: boolean;
  readonly text?: string;
  /** How often the handler of `/json` may run. */
  readonly handlerRuns?: number;
  /** What must hold in the process afterwards. */
  readonly afterJs?: string;
}

const FILE = new URL("../data/hostile.json", import.meta.url);

/** The cases of some classes. */
export function hostileCases(classes: readonly string[]): readonly HostileCase[] {
  const all = JSON.parse(readFileSync(FILE, "utf8")) as readonly HostileCase[];
  return all.filter((one) => classes.includes(one.class));
}

export function expand(raw: string): string {
  return raw.replace(/\{\{rep:([\s\S]*?):(\d+)\}\}/g, (_, text: string, count: string) =>
    text.repeat(Number(count)),
  );
}
