import { ServerEvent } from "argania/sse";
import arganData from "../data/argan.json" with { type: "json" };

export interface EventCase {
  readonly id: string;
  readonly event: readonly (readonly [string, unknown])[];
  readonly expectBytes?: string;
  readonly panics?: string;
}

/** argan's own cases of the group `sse`. */
export const CASES: readonly EventCase[] = (arganData as readonly { readonly group: string }[]).filter(
  (one): one is EventCase & { group: "sse" } => one.group === "sse" && "event" in one,
);

/** argan's calls by the names of the cases. */
export function build(calls: EventCase["event"]): ServerEvent {
  const event = new ServerEvent();
  for (const [name, value] of calls) {
    const call = {
      id: () => event.withId(value as string),
      name: () => event.withName(value as string),
      data: () => event.withData(value as string),
      json: () => event.withJsonData(value),
      retryMs: () => event.withRetry(value as number),
      comment: () => event.withComment(value as string),
    }[name];
    // A name that no call has would make this an event without it.
    if (call?.() !== event) {
      throw new Error(`${name} did not return its event.`);
    }
  }
  return event;
}
