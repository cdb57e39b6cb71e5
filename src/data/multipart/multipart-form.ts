import { BodyAlreadyReadError } from "../../request/body-already-read-error.ts";
import { type FieldsOf, fieldsOf } from "./form-fields.ts";
import type { ParsedPart } from "./form-parser.ts";
import { FormPart } from "./form-part.ts";
import { type ChunkSource, FormReader } from "./form-reader.ts";
import { FormRules } from "./form-rules.ts";
import type { FormLimits } from "./multipart-options.ts";
import type { PartBody } from "./part-body.ts";
import type { CollectorSource } from "./part-reader.ts";

/** Where the bytes of a form come from, and where those are counted that are kept. */
export interface FormSource extends ChunkSource, CollectorSource {}

/** The limits of a form whose body has one, whoever it comes from. */
type BoundedLimits = FormLimits & { readonly bodyLimit: number };

/**
 * A form of `multipart/form-data` (RFC 7578): an async iterable over its parts, once, while they come over the network.
 *
 * - A part that is not read is skipped when the loop goes on.
 * - Leaving the loop early gives up the rest of the body, as for any body that nobody reads.
 * - What is wrong with the form is thrown where the loop gets there: a `MultipartFormError` or a `BodyLimitError`. An
 *   `AbortError` says that the client went away.
 * - A file input without a file is no part: browsers send it as an empty file with an empty name.
 *
 * Nothing is read before the loop begins, and nothing is written to disk but by `saveTo`.
 *
 * @example
 * ```ts
 * photos.setHandlerFor(
 *   _post.to([multipartBody({ parts: ["title", "photo"] })], async (form) => {
 *     for await (const part of form) {
 *       if (part.name === "title") title = await part.text();
 *       else await part.saveTo(`/uploads/${crypto.randomUUID()}`);
 *     }
 *     return 201;
 *   }),
 * );
 * ```
 */
export class MultipartForm<Name extends string = string> implements AsyncIterable<FormPart<Name>> {
  readonly #source: FormSource;
  readonly #boundary: string;
  readonly #limits: BoundedLimits;
  #isOpened = false;

  /** @internal Forms come from `multipartBody`. */
  constructor(source: FormSource, boundary: string, limits: BoundedLimits) {
    this.#source = source;
    this.#boundary = boundary;
    this.#limits = limits;
  }

  /** Fails with `ARGANIA_BODY_ALREADY_READ` the second time. */
  [Symbol.asyncIterator](): AsyncIterableIterator<FormPart<Name>> {
    if (this.#isOpened) {
      throw new BodyAlreadyReadError(
        "This form is read already. Loop over its parts once, and keep what is needed of them.",
      );
    }
    this.#isOpened = true;
    return new FormIterator<Name>(this.#source, this.#boundary, this.#limits);
  }

  /**
   * All of it in memory, by name: text for a field, a `File` for a file, an array of them for a name that occurs several
   * times. For small forms: it takes as much memory as the body is long. A part with the name `__proto__` is a 400.
   */
  toObject(): Promise<FieldsOf<Name>> {
    return fieldsOf(this);
  }
}

class FormIterator<Name extends string> implements AsyncIterableIterator<FormPart<Name>> {
  readonly #source: FormSource;
  readonly #reader: FormReader;
  readonly #rules: FormRules;
  #current: FormPart | null = null;
  #isOver = false;
  /** Calls of `next` that are not settled: those that do not wait for each other take their turn. */
  #calls = 0;
  #last: Promise<unknown> | null = null;

  constructor(source: FormSource, boundary: string, limits: BoundedLimits) {
    const rules = new FormRules(limits);
    this.#source = source;
    this.#rules = rules;
    this.#reader = new FormReader(source, boundary, limits, (head) => rules.admit(head));
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<FormPart<Name>, undefined>> {
    const next = () => this.#next();
    const result = this.#calls++ === 0 || this.#last === null ? next() : this.#last.then(next, next);
    this.#last = result;
    return result;
  }

  return(): Promise<IteratorResult<FormPart<Name>, undefined>> {
    this.#isOver = true;
    this.#reader.abort(
      new BodyAlreadyReadError("The loop over this form was left before this part was read."),
    );
    return Promise.resolve({ done: true, value: undefined });
  }

  async #next(): Promise<IteratorResult<FormPart<Name>, undefined>> {
    try {
      const leaving = this.#current === null ? null : FormPart.leave(this.#current);
      if (leaving !== null) {
        await leaving;
      }
      this.#current = this.#isOver ? null : await this.#nextPart();
    } catch (error) {
      this.#isOver = true;
      throw error;
    } finally {
      this.#calls--;
    }
    return this.#current === null
      ? { done: true, value: undefined }
      : { done: false, value: this.#current as FormPart<Name> };
  }

  /** `null` after the last one. */
  async #nextPart(): Promise<FormPart | null> {
    for (;;) {
      const parsed = this.#reader.poll() ?? (await this.#reader.next());
      if (parsed === null) {
        this.#isOver = true;
        this.#rules.assertComplete();
        return null;
      }
      const { head, body } = parsed;
      body.bound(this.#rules.limitOf(head), () => this.#refuse(body, this.#rules.tooLarge(head)));
      // An input without a chosen file is sent as an empty file without a name and of an unknown type.
      if (head.fileName !== "" || !(await body.isEmpty())) {
        this.#take(parsed);
        return new FormPart(head, body, this.#source);
      }
    }
  }

  #take({ head, body }: ParsedPart): void {
    try {
      this.#rules.take(head);
    } catch (error) {
      this.#refuse(body, error);
      throw error;
    }
  }

  #refuse(body: PartBody, error: unknown): void {
    body.fail(error);
    this.#reader.abort(error);
  }
}
