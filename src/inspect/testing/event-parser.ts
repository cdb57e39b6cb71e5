/** One server-sent event. */
export interface TestEvent {
  /** The last id that the stream has sent so far; empty without one. */
  readonly id: string;
  /** Its type, `"message"` by default. */
  readonly event: string;
  readonly data: string;
}

/**
 * Reads a stream of server-sent events as browsers do: lines end with CR, LF or both, an event with an empty line, and one
 * that has not ended is none.
 *
 * Source: HTML Standard §9.2.6.
 */
export class EventParser {
  /** What `Last-Event-ID` would be. */
  lastEventId: string;
  /** In milliseconds, as the stream has said; `undefined` when it has not. */
  retry: number | undefined = undefined;
  readonly #decoder = new TextDecoder();
  #rest = "";
  #id: string;
  #event = "";
  #data: string[] = [];

  constructor(lastEventId = "") {
    this.lastEventId = lastEventId;
    this.#id = lastEventId;
  }

  /** The events that end in this chunk. */
  read(chunk: Uint8Array): TestEvent[] {
    const text = this.#rest + this.#decoder.decode(chunk, { stream: true });
    // A CR at the end may be one half of a line's end.
    const end = text.endsWith("\r") ? text.length - 1 : text.length;
    const lines = text.slice(0, end).split(/\r\n|\n|\r/);
    this.#rest = (lines.pop() as string) + text.slice(end);
    return lines.flatMap((line) => this.#readLine(line) ?? []);
  }

  #readLine(line: string): TestEvent | undefined {
    if (line === "") {
      return this.#dispatch();
    }
    const colon = line.indexOf(":");
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(line[colon + 1] === " " ? colon + 2 : colon + 1);
    if (name === "data") {
      this.#data.push(value);
    } else if (name === "event") {
      this.#event = value;
    } else if (name === "id" && !value.includes("\0")) {
      this.#id = value;
    } else if (name === "retry" && /^\d+$/.test(value)) {
      this.retry = Number(value);
    }
    return undefined;
  }

  #dispatch(): TestEvent | undefined {
    const event = { id: this.#id, event: this.#event || "message", data: this.#data.join("\n") };
    const isEmpty = this.#data.length === 0;
    this.lastEventId = this.#id;
    this.#event = "";
    this.#data = [];
    return isEmpty ? undefined : event;
  }
}
