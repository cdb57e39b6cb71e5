import type { DicerClass, DicerParser, DicerPart } from "./dicer.ts";
import { HeaderWatch } from "./header-watch.ts";
import { formError } from "./multipart-form-error.ts";
import { PartBody } from "./part-body.ts";
import { type PartHead, parsePartHead } from "./part-head.ts";

/** A part as the parser finds it. */
export interface ParsedPart {
  readonly head: PartHead;
  readonly body: PartBody;
}

export interface ParserLimits {
  readonly headerBytes: number;
  readonly headerCount: number;
}

/**
 * Makes parts out of chunks. The parts of one chunk are found all at once and wait here, so the limits hold where they
 * are found; what is wrong with one of them is told when those before it have been taken.
 */
export class FormParser {
  readonly #dicer: DicerParser;
  readonly #watch: HeaderWatch;
  readonly #limits: ParserLimits;
  readonly #admit: (head: PartHead) => void;
  readonly #found: ParsedPart[] = [];
  /** The last part, as long as more of it can come. */
  #open: PartBody | null = null;
  #isInHead = false;
  #isClosed = false;
  #hasAll = false;
  #failure: { readonly error: unknown } | null = null;
  #written: ArrayBufferLike | undefined = undefined;
  #wakeReader: () => void = () => {};
  #wakeWriter: () => void = () => {};

  /** @param admit throws for a part that is not allowed */
  constructor(Dicer: DicerClass, boundary: string, limits: ParserLimits, admit: (head: PartHead) => void) {
    const { headerBytes, headerCount } = limits;
    this.#limits = limits;
    this.#admit = admit;
    // One more than is allowed, so that it can be told that there were more.
    this.#dicer = new Dicer({ boundary, maxHeaderPairs: headerCount + 1, maxHeaderSize: headerBytes + 1 });
    this.#watch = new HeaderWatch(this.#dicer, headerBytes, (error) => this.fail(error));
    this.#dicer.on("part", this.#onPart);
    this.#dicer.on("finish", this.#onFinish);
    this.#dicer.on("error", this.#onError);
  }

  get hasFailed(): boolean {
    return this.#failure !== null;
  }

  /** Settles when the parser wants more, or nothing any more. */
  write(chunk: Uint8Array): Promise<void> {
    return new Promise((resolve) => {
      this.#wakeWriter = resolve;
      this.#written = chunk.buffer;
      this.#dicer.write(chunk, resolve);
    });
  }

  /** Says that all chunks have been written. */
  end(): void {
    this.#hasAll = true;
    this.#dicer.end();
    this.#wakeReader();
  }

  /** The next part, if it has been found already, else `null`. */
  poll(): ParsedPart | null {
    return this.#found.shift() ?? null;
  }

  /** The next part, `null` after the last one. The one before must be over. */
  async next(): Promise<ParsedPart | null> {
    for (;;) {
      const part = this.poll();
      if (part !== null) {
        return part;
      }
      if (this.#failure !== null) {
        throw this.#failure.error;
      }
      if (this.#isClosed && this.#hasAll) {
        return null;
      }
      await new Promise<void>((resolve) => {
        this.#wakeReader = resolve;
      });
    }
  }

  /** Ends it: after the parts that were found before, whoever waits for more gets the error. The first one counts. */
  fail(error: unknown): void {
    if (this.#failure === null) {
      this.#failure = { error };
      this.#dicer.off("part", this.#onPart);
      this.#open?.fail(error);
      this.#wakeReader();
      this.#wakeWriter();
    }
  }

  /** Ends it with all that was found. */
  abort(error: unknown): void {
    for (const { body } of this.#found.splice(0)) {
      body.fail(error);
    }
    this.fail(error);
  }

  readonly #onPart = (part: DicerPart): void => {
    this.#isInHead = true;
    this.#watch.begin();
    const body = new PartBody(part, this.#isOurs, this.#onWhole);
    this.#open = body;
    part.once("header", (headers) => {
      this.#isInHead = false;
      if (this.#failure !== null) {
        return;
      }
      try {
        this.#found.push({ head: this.#readHead(headers), body });
        this.#wakeReader();
      } catch (error) {
        this.fail(error);
      }
    });
  };

  readonly #isOurs = ({ buffer }: Uint8Array): boolean => buffer === this.#written;

  /** The parser itself says nothing of a part that is over before its headers are: some releases wait for it for ever. */
  readonly #onWhole = (): void => {
    if (this.#isInHead) {
      this.fail(formError("malformed", "A part ends in the middle of its headers."));
    }
  };

  #readHead(headers: Record<string, string[]>): PartHead {
    this.#watch.check();
    const { headerCount } = this.#limits;
    let count = 0;
    for (const name in headers) {
      count += headers[name]?.length ?? 0;
    }
    if (count > headerCount) {
      throw formError("header-limit", `A part has more than ${headerCount} headers.`, { limit: headerCount });
    }
    const head = parsePartHead(headers);
    this.#admit(head);
    return head;
  }

  /** The closing boundary has come, and all parts before it have been read. */
  readonly #onFinish = (): void => {
    this.#isClosed = true;
    this.#wakeReader();
  };

  readonly #onError = (): void => {
    this.fail(formError("incomplete", "The form ends before its closing boundary."));
  };
}
