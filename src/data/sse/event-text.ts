import { describeValue } from "../../common/describe-value.ts";
import { type EventFields, idLine, textOfFields } from "./event-fields.ts";
import { ServerEvent } from "./server-event.ts";
import { ServerEventError } from "./server-event-error.ts";

/** An event, made step by step or as a plain object. */
export type AnyEvent = ServerEvent | EventFields;

/** An event as it is sent, or several in an array. Throws a `ServerEventError` for what is none. */
export function textOf(event: unknown): string {
  if (event instanceof ServerEvent) {
    return ServerEvent.send(event);
  }
  if (Array.isArray(event)) {
    return event.map(textOf).join("");
  }
  assertEvent(event);
  return textOfFields(event);
}

/** One event as it is sent, and its id: its own, or the one that `makeId` makes for it. */
export function identified(
  event: AnyEvent,
  makeId: () => string,
): { readonly id: string; readonly text: string } {
  const text = textOf(event);
  const own = event instanceof ServerEvent ? ServerEvent.idOf(event) : event.id;
  if (own !== undefined) {
    return { id: String(own), text };
  }
  const id = makeId();
  return { id, text: `${idLine(id)}${text}` };
}

function assertEvent(event: unknown): asserts event is EventFields {
  if (typeof event !== "object" || event === null) {
    const advice = typeof event === "string" ? " Text is data: { data: text }." : "";
    throw new ServerEventError(
      `An event is a ServerEvent or an object such as { event, data }, not ${describeValue(event)}.${advice}`,
    );
  }
}

/** As bytes, which every client of a channel gets without another conversion. */
export function bytesOf(text: string): Uint8Array {
  return typeof Buffer === "undefined" ? encoder.encode(text) : Buffer.from(text);
}

const encoder = new TextEncoder();
