import { setTimeout as wait } from "node:timers/promises";
import type { Note } from "./note-store.ts";

/** Another service, which may take long. It heeds the signal, as `fetch(url, { signal })` does. */
export interface Summarize {
  (note: Note, signal: AbortSignal): Promise<string>;
  /** How long we wait for it, in milliseconds. */
  readonly timeout: number;
}

/** Stands for such a service: it takes a tenth of a second for each character, and has no more than three seconds. */
export const slowSummary: Summarize = Object.assign(
  async ({ title, text }: Note, signal: AbortSignal) => {
    await wait(text.length * 100, undefined, { signal });
    return `${title}: ${text.split(/\s+/).length} words.`;
  },
  { timeout: 3_000 },
);
