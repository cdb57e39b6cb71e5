import { describeValue } from "../common/describe-value.ts";
import { JSON_TYPE } from "./into-response.ts";
import { LightResponse } from "./light-response.ts";

/** What a streamed response is made of: a database cursor, a generator, an array. */
export type Items = AsyncIterable<unknown> | Iterable<unknown>;

/** How much text of a synchronous source goes into one chunk, in characters. */
const CHUNK_LENGTH = 16_384;

/**
 * A JSON array, sent item by item: memory holds one item at a time, however many there are. What comes from an
 * asynchronous source is sent at once. The source is released when the client goes away.
 *
 * An item without a JSON form is `null`, as in `JSON.stringify`. When the source fails before its first item, the client
 * gets an error response; after it, the connection is broken off, and the client sees an array without an end.
 *
 * Throws a `TypeError` for what cannot be iterated.
 *
 * @example
 * ```ts
 * books.setHandlerFor(_get.to(() => jsonStream(database.query("select * from books").stream())));
 * ```
 */
export function jsonStream(items: Items, status = 200): LightResponse {
  assertItems(items, "jsonStream");
  return LightResponse.of(chunks(items, ARRAY), JSON_TYPE, status);
}

/** JSON values with a line each (`application/x-ndjson`), otherwise as {@link jsonStream}. */
export function jsonLines(items: Items, status = 200): LightResponse {
  assertItems(items, "jsonLines");
  return LightResponse.of(chunks(items, LINES), "application/x-ndjson", status);
}

interface Form {
  readonly start: string;
  readonly between: string;
  readonly after: string;
  readonly end: string;
}

const ARRAY: Form = { start: "[", between: ",", after: "", end: "]" };
const LINES: Form = { start: "", between: "", after: "\n", end: "" };

async function* chunks(items: Items, form: Form): AsyncGenerator<string, void, undefined> {
  const isSynchronous = !(Symbol.asyncIterator in items);
  let chunk = form.start;
  let separator = "";
  for await (const item of items) {
    chunk += `${separator}${JSON.stringify(item) ?? "null"}${form.after}`;
    separator = form.between;
    if (!isSynchronous || chunk.length >= CHUNK_LENGTH) {
      yield chunk;
      chunk = "";
    }
  }
  yield chunk + form.end;
}

function assertItems(value: unknown, name: string): asserts value is Items {
  const isIterable =
    typeof value === "object" &&
    value !== null &&
    (Symbol.asyncIterator in value || Symbol.iterator in value);
  if (!isIterable) {
    throw new TypeError(
      `${name} takes an iterable of items, such as an array or a generator, not ${describeValue(value)}: for one value write json(value).`,
    );
  }
}
