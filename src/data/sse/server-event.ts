import {
  commentLine,
  dataLines,
  EMPTY_DATA,
  eventLine,
  idLine,
  jsonLine,
  retryLine,
} from "./event-fields.ts";
import { ServerEventError } from "./server-event-error.ts";

/** What an event has already: each of them once at most, but for data lines and comments. */
const ID = 1;
const NAME = 2;
const RETRY = 4;
const DATA = 8;
const JSON_DATA = 16;
const COMMENT = 32;

/**
 * An event of a server, made step by step: its lines are sent in the order of the calls. Each of them changes this
 * event and returns it. Once it has been sent it stays as it is.
 *
 * What would be read as another event is refused with a `ServerEventError` (`ARGANIA_SERVER_EVENT`).
 * Source: HTML Standard §9.2.
 *
 * @example
 * ```ts
 * new ServerEvent().withId("42").withName("price").withJsonData({ symbol: "ARGN", price: 3.5 });
 * ```
 */
export class ServerEvent {
  #text = "";
  #id: string | undefined = undefined;
  #has = 0;
  #isSent = false;

  /** What clients send as `Last-Event-ID` when they connect again: no line breaks, no NUL, 1,024 characters at most. */
  withId(id: string | number): this {
    this.#assertHasNot(ID, "its id");
    this.#add(ID, idLine(id));
    this.#id = String(id);
    return this;
  }

  /** The name under which clients listen for the event; "message" if there is none. No line breaks. */
  withName(name: string): this {
    this.#assertHasNot(NAME, "its name");
    return this.#add(NAME, eventLine(name));
  }

  /** Text. Each line of it (LF, CR or CRLF) becomes a line of its own, and so does that of a further call. */
  withData(text: string): this {
    this.#assertHasNot(JSON_DATA, "JSON data");
    return this.#add(DATA, dataLines(text));
  }

  /** Any value that has a JSON form, once, and without text beside it. Throws a `JsonValueError`, too. */
  withJsonData(value: unknown): this {
    this.#assertHasNot(DATA | JSON_DATA, "data");
    return this.#add(JSON_DATA, jsonLine(value));
  }

  /** How long clients wait before they connect again, in milliseconds. */
  withRetry(milliseconds: number): this {
    this.#assertHasNot(RETRY, "its retry time");
    return this.#add(RETRY, retryLine(milliseconds));
  }

  /** Seen by nobody but who looks at the wire. No line breaks. */
  withComment(comment: string): this {
    return this.#add(COMMENT, commentLine(comment));
  }

  /** The event as it is sent. One with a name but without data gets an empty line of data: clients would drop it. */
  toString(): string {
    if (this.#text === "") {
      throw new ServerEventError("An event without any field: give it data, for instance.");
    }
    const isUnheard = (this.#has & (NAME | DATA | JSON_DATA)) === NAME;
    return `${this.#text}${isUnheard ? EMPTY_DATA : ""}\n`;
  }

  /** @internal */
  static idOf(event: ServerEvent): string | undefined {
    return event.#id;
  }

  /** @internal The event as it is sent, which it is now. */
  static send(event: ServerEvent): string {
    const text = event.toString();
    event.#isSent = true;
    return text;
  }

  #assertHasNot(fields: number, what: string): void {
    if ((this.#has & fields) !== 0) {
      throw new ServerEventError(`The event has ${what} already: make a new one.`);
    }
  }

  #add(field: number, lines: string): this {
    if (this.#isSent) {
      throw new ServerEventError("The event has been sent: make a new one for what is to be sent next.");
    }
    this.#has |= field;
    this.#text += lines;
    return this;
  }
}
