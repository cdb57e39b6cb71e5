import { LightHeaders } from "../../common/light-headers.ts";
import type { MaybePromise } from "../../common/maybe-promise.ts";
import { BodyAlreadyReadError } from "../../request/body-already-read-error.ts";
import { MEMORY_OF_JSON, parseJson } from "../parse-json.ts";
import { decodePartText } from "./decode-part-text.ts";
import type { PartBody } from "./part-body.ts";
import type { PartHead } from "./part-head.ts";
import { type CollectorSource, collectPart, PartReader } from "./part-reader.ts";
import { type SaveOptions, savePart } from "./save-part.ts";

/**
 * One part of a form. Its bytes come over the network while it is read, once, and only until the loop goes on to the next
 * part: reading it again or later fails with `ARGANIA_BODY_ALREADY_READ`. It is an async iterable over its bytes, too, which
 * costs less than its `stream()`.
 *
 * @example
 * ```ts
 * for await (const part of form) {
 *   if (part.name === "photo") await part.saveTo(`/uploads/${crypto.randomUUID()}.png`);
 * }
 * ```
 */
export class FormPart<Name extends string = string> implements AsyncIterable<Uint8Array> {
  /** The name of the field, as the client sent it. */
  readonly name: Name;
  /**
   * The name that the client gives to a file, `undefined` for a part that is no file. It is data, not a path: only its
   * last segment, without control characters and characters that turn the direction of text. It can be empty, can be
   * hundreds of characters long, and can have any ending: whatever the file is called here, choose that yourself.
   */
  readonly fileName: string | undefined;
  /** Type and subtype in lower case, as the client claims; `text/plain` without a claim (RFC 7578 §4.4). */
  readonly contentType: string;
  readonly #head: PartHead;
  readonly #body: PartBody;
  readonly #memory: CollectorSource;
  #headers: Headers | undefined = undefined;
  #use: "unread" | "by chunks" | "as a whole" | "left" = "unread";

  /** @internal Parts come from a form. */
  constructor(head: PartHead, body: PartBody, memory: CollectorSource) {
    this.name = head.name as Name;
    this.fileName = head.fileName;
    this.contentType = head.contentType;
    this.#head = head;
    this.#body = body;
    this.#memory = memory;
  }

  /** All headers of the part; each character of a value stands for one byte, as in other headers. */
  get headers(): Headers {
    this.#headers ??= headersOf(this.#head);
    return this.#headers;
  }

  /**
   * The bytes as they come, no faster than they are taken: while nobody takes them, TCP holds the client back. It fails
   * when the part is larger than it may be, when the form is malformed, or the client goes away.
   */
  stream(): ReadableStream<Uint8Array> {
    this.#begin("by chunks");
    const reader = new PartReader(this.#body);
    return new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          const chunk = await reader.read();
          if (chunk === null) {
            controller.close();
          } else {
            controller.enqueue(chunk);
          }
        },
      },
      { highWaterMark: 0 },
    );
  }

  /** The bytes as they come, as {@link stream} gives them. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, undefined, undefined> {
    this.#begin("by chunks");
    const reader = new PartReader(this.#body);
    for (let chunk = await reader.read(); chunk !== null; chunk = await reader.read()) {
      yield chunk;
    }
  }

  /** All bytes, in memory; a 503 (`ARGANIA_BODY_MEMORY`) when too many bodies are in memory at once. */
  bytes(): Promise<Uint8Array> {
    return this.#collect(1, (bytes) => bytes);
  }

  /**
   * All of it as text, in the charset that its type names, else UTF-8, without a byte order mark. Malformed text is a 400,
   * an unknown charset a 415 (`ARGANIA_MULTIPART_FORM`).
   */
  text(): Promise<string> {
    return this.#collect(1, (bytes) => decodePartText(bytes, this.#head.charset));
  }

  /** All of it as JSON, whatever its type; malformed JSON is a 400 (`ARGANIA_JSON`). */
  json(): Promise<unknown> {
    return this.#collect(MEMORY_OF_JSON, parseJson);
  }

  /**
   * Writes it to a file as it comes; gives the number of bytes. A file that is there already is not touched, which fails
   * with Node's `EEXIST`, unless `overwrite` is set. When anything fails, or the client goes away, what was written is
   * removed. Needs a runtime with `node:fs`.
   *
   * @param path where to; never build it from {@link fileName} alone
   */
  saveTo(path: string | URL, options?: SaveOptions): Promise<number> {
    const saving = this.#save(path, options);
    // What the client does is told by the loop, too, and must not end the process when nobody waits here.
    this.#body.onFailure(() => saving.catch(() => {}));
    return saving;
  }

  /** @internal All of it as a file, which has a copy of the bytes. */
  static toFile(part: FormPart, fileName: string): Promise<File> {
    const options = { type: part.contentType };
    return part.#collect(2, (bytes) => new File([bytes as Uint8Array<ArrayBuffer>], fileName, options));
  }

  /** @internal Ends the part before the next one comes. What nobody reads to its end is skipped. */
  static leave(part: FormPart): Promise<void> | null {
    const use = part.#use;
    part.#use = "left";
    if (use !== "as a whole") {
      part.#body.leave(() => tooLate(part));
    }
    return part.#body.isOver ? null : part.#body.whenOver();
  }

  async #save(path: string | URL, options: SaveOptions | undefined): Promise<number> {
    this.#begin("as a whole");
    try {
      return await savePart(new PartReader(this.#body), path, options);
    } catch (error) {
      // Nobody takes the rest of it, which the next part waits for.
      this.#body.discard();
      throw error;
    }
  }

  #collect<T>(weight: number, convert: (bytes: Uint8Array) => MaybePromise<T>): Promise<T> {
    try {
      this.#begin("as a whole");
    } catch (error) {
      return Promise.reject(error);
    }
    const collecting = collectPart(this.#body, this.#memory, weight, convert);
    // A client must not end the process with a part that nobody waits for.
    collecting.catch(() => {});
    return collecting;
  }

  #begin(use: "by chunks" | "as a whole"): void {
    if (this.#use !== "unread") {
      throw tooLate(this);
    }
    this.#use = use;
  }
}

function tooLate({ name }: FormPart): BodyAlreadyReadError {
  return new BodyAlreadyReadError(
    `The part ${JSON.stringify(name)} is read already, or its loop has gone on to the next part. Read each part once, before the next one: await it inside of the loop.`,
  );
}

function headersOf({ headers }: PartHead): Headers {
  const list = new LightHeaders();
  for (const [name, values] of Object.entries(headers)) {
    for (const value of values) {
      list.append(name, value);
    }
  }
  return list;
}
