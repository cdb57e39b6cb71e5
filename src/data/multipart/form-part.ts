import { LightHeaders } from "../../common/light-headers.ts";
import { BodyAlreadyReadError } from "../../request/body-already-read-error.ts";
import { parseJson } from "../parse-json.ts";
import { decodePartText } from "./decode-part-text.ts";
import type { PartHead } from "./part-head.ts";
import { type CollectorSource, type LimitedBody, PartReader } from "./part-reader.ts";
import { type SaveOptions, savePart } from "./save-part.ts";

/**
 * One part of a form. Its bytes come over the network while it is read, once, and only until the loop goes on to the next
 * part: reading it again or later fails with `ARGANIA_BODY_ALREADY_READ`.
 *
 * @example
 * ```ts
 * for await (const part of form) {
 *   if (part.name === "photo") await part.saveTo(`/uploads/${crypto.randomUUID()}.png`);
 * }
 * ```
 */
export class FormPart<Name extends string = string> {
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
  readonly #body: LimitedBody;
  readonly #memory: CollectorSource;
  #headers: Headers | undefined = undefined;
  #reading: Promise<unknown> | null = null;
  #isUsed = false;

  /** @internal Parts come from a form. */
  constructor(head: PartHead, body: LimitedBody, memory: CollectorSource) {
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
    const reader = this.#use();
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

  /** All bytes, in memory; a 503 (`ARGANIA_BODY_MEMORY`) when too many bodies are in memory at once. */
  bytes(): Promise<Uint8Array> {
    return this.#read((reader) => reader.collect());
  }

  /**
   * All of it as text, in the charset that its type names, else UTF-8, without a byte order mark. Malformed text is a 400,
   * an unknown charset a 415 (`ARGANIA_MULTIPART_FORM`).
   */
  text(): Promise<string> {
    return this.#read(async (reader) => decodePartText(await reader.collect(), this.#head.charset));
  }

  /** All of it as JSON, whatever its type; malformed JSON is a 400 (`ARGANIA_JSON`). */
  json(): Promise<unknown> {
    return this.#read(async (reader) => parseJson(await reader.collect()));
  }

  /**
   * Writes it to a file as it comes; gives the number of bytes. A file that is there already is not touched, which fails
   * with Node's `EEXIST`, unless `overwrite` is set. When anything fails, or the client goes away, what was written is
   * removed. Needs a runtime with `node:fs`.
   *
   * @param path where to; never build it from {@link fileName} alone
   */
  saveTo(path: string | URL, options?: SaveOptions): Promise<number> {
    return this.#read((reader) => savePart(reader, path, options));
  }

  /** @internal Ends the part for its reader before the next one comes. What nobody reads is skipped. */
  static async leave(part: FormPart): Promise<void> {
    try {
      await part.#reading;
    } catch {
      // Whoever called it knows.
    }
    part.#isUsed = true;
    await part.#body.skip(() => tooLate(part));
  }

  #read<T>(read: (reader: PartReader) => Promise<T>): Promise<T> {
    let reading: Promise<T>;
    try {
      reading = read(this.#use());
    } catch (error) {
      return Promise.reject(error);
    }
    this.#reading = reading;
    return reading;
  }

  #use(): PartReader {
    if (this.#isUsed) {
      throw tooLate(this);
    }
    this.#isUsed = true;
    return new PartReader(this.#body, this.#memory);
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
