import type { Extractor } from "../extractor.ts";
import { LONGEST_ID } from "./event-fields.ts";

const BEYOND_ASCII = /[^\0-\x7f]/;
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * The id of the last event that a client has got, which it sends when it connects again; `undefined` when it has none.
 * So is one of more than 1,024 characters, or not in UTF-8, since no event has such an id.
 * Source: HTML Standard §9.2.4.
 *
 * @example
 * ```ts
 * _get.to([lastEventId], (id) => new EventStream(eventsAfter(id)));
 * ```
 */
export const lastEventId: Extractor<string | undefined, object> = /* @__PURE__ */ Object.freeze({
  extract(context: { header(name: string): string | undefined }): string | undefined {
    const value = context.header("last-event-id");
    const id = value === undefined || value === "" ? undefined : decoded(value);
    return id !== undefined && id.length <= LONGEST_ID ? id : undefined;
  },
});

/** Headers come with one character for each byte. */
function decoded(value: string): string | undefined {
  if (!BEYOND_ASCII.test(value)) {
    return value;
  }
  try {
    return decoder.decode(Uint8Array.from(value, (character) => character.charCodeAt(0)));
  } catch {
    return undefined;
  }
}
