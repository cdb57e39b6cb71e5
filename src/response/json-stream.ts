import { describeValue } from "../common/describe-value.ts";
import { iteratorOf } from "../common/iterator-of.ts";
import { isPromiseLike } from "../common/maybe-promise.ts";
import { JSON_TYPE } from "./into-response.ts";
import { jsonText } from "./json-text.ts";
import { LightResponse } from "./light-response.ts";

/** What a streamed response is made of: a database cursor, a generator, an array. */
export type Items = AsyncIterable<unknown> | Iterable<unknown>;

/** How much text of a synchronous source goes into one chunk, in characters. */
const CHUNK_LENGTH = 16_384;

/**
 * A JSON array, sent item by item: memory holds one item at a time, however many there are. What comes from an
 * asynchronous source is sent at once. The source is released when the client goes away.
 *
 * An item without a JSON form is `null`, as in `JSON.stringify`; a BigInt, or a circle, is a `JsonValueError`
 * (`ARGANIA_JSON_VALUE`), whose `property` is that of the item. When the source fails before its first item, the client
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
  return LightResponse.of(chunksOf(items, ARRAY), JSON_TYPE, status);
}

/** JSON values with a line each (`application/x-ndjson`), otherwise as {@link jsonStream}. */
export function jsonLines(items: Items, status = 200): LightResponse {
  assertItems(items, "jsonLines");
  return LightResponse.of(chunksOf(items, LINES), "application/x-ndjson", status);
}

interface Form {
  readonly start: string;
  readonly between: string;
  readonly after: string;
  readonly end: string;
}

const ARRAY: Form = { start: "[", between: ",", after: "", end: "]" };
const LINES: Form = { start: "", between: "", after: "\n", end: "" };

function chunksOf(items: Items, form: Form): AsyncIterable<string> {
  return { [Symbol.asyncIterator]: () => new JsonChunks(items, form) };
}

type Chunk = IteratorResult<string, undefined>;

const DONE: Chunk = { done: true, value: undefined };

/** Not a generator: that could not let go of its source before it was begun, or while it waits for the next item. */
class JsonChunks implements AsyncIterator<string, undefined> {
  readonly #items: Items;
  readonly #form: Form;
  #source: AsyncIterator<unknown> | Iterator<unknown> | null = null;
  /** What stands in front of the next item. */
  #before: string;
  #hasItems = false;
  #isOver = false;

  constructor(items: Items, form: Form) {
    this.#items = items;
    this.#form = form;
    this.#before = form.start;
  }

  async next(): Promise<Chunk> {
    try {
      const chunk = await this.#nextChunk();
      return chunk === "" ? DONE : { done: false, value: chunk };
    } catch (error) {
      this.return().catch(() => {});
      throw error;
    }
  }

  async return(): Promise<Chunk> {
    if (!this.#isOver) {
      this.#isOver = true;
      await this.#open().return?.();
    }
    return DONE;
  }

  /** Empty when there is no more. */
  async #nextChunk(): Promise<string> {
    const { start, between, after, end } = this.#form;
    const isSynchronous = !(Symbol.asyncIterator in this.#items);
    let chunk = "";
    while (!this.#isOver && chunk.length < CHUNK_LENGTH && (isSynchronous || chunk === "")) {
      const step = this.#open().next();
      const { done, value } = isPromiseLike(step) ? await step : step;
      const item = isSynchronous && isPromiseLike(value) ? await value : value;
      if (this.#isOver) {
        return "";
      }
      if (done === true) {
        this.#isOver = true;
        return `${chunk}${this.#hasItems ? "" : start}${end}`;
      }
      chunk += `${this.#before}${jsonText(item) ?? "null"}${after}`;
      this.#before = between;
      this.#hasItems = true;
    }
    return chunk;
  }

  #open(): AsyncIterator<unknown> | Iterator<unknown> {
    const items = this.#items;
    this.#source ??= Symbol.asyncIterator in items ? iteratorOf(items) : items[Symbol.iterator]();
    return this.#source;
  }
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
