import { describeValue } from "../../common/describe-value.ts";
import { jsonText } from "../../response/json-text.ts";
import { ServerEventError } from "./server-event-error.ts";

/**
 * An event as a plain object. Source: HTML Standard §9.2.6.
 *
 * @example
 * ```ts
 * const event: EventFields = { event: "price", id: 42, data: { symbol: "ARGN", price: 3.5 } };
 * ```
 */
export interface EventFields {
  /** What the client sends as `Last-Event-ID` when it connects again; no line breaks, no NUL, 1,024 characters at most. */
  readonly id?: string | number | undefined;
  /** The name under which clients listen for it, "message" if there is none; no line breaks. */
  readonly event?: string | undefined;
  /** Text is sent as it is, each line of it in a line of its own, and anything else as JSON. */
  readonly data?: unknown;
  /** How long clients wait before they connect again, in milliseconds. */
  readonly retry?: number | undefined;
  /** Seen by nobody but who looks at the wire; no line breaks. */
  readonly comment?: string | undefined;
}

/** Node takes heads up to 16 KiB: with a longer id a client could never connect again. */
export const LONGEST_ID = 1_024;

const LINE_BREAK = /\r\n|[\r\n]/;
const NAMES: ReadonlySet<string> = new Set(["id", "event", "data", "retry", "comment"]);

/** The event as it is sent. Throws a `ServerEventError` for what would be read as something else. */
export function textOfFields(fields: EventFields): string {
  const { id, event, data, retry, comment } = fields;
  let text = "";
  if (comment !== undefined) {
    text += commentLine(comment);
  }
  if (event !== undefined) {
    text += eventLine(event);
  }
  if (id !== undefined) {
    text += idLine(id);
  }
  if (retry !== undefined) {
    text += retryLine(retry);
  }
  if (data !== undefined) {
    text += typeof data === "string" ? dataLines(data) : jsonLine(data);
  } else if (event !== undefined) {
    text += EMPTY_DATA;
  }
  refuseOtherNames(fields, text);
  return `${text}\n`;
}

/** A misspelt name would be left out in silence. */
function refuseOtherNames(fields: object, text: string): void {
  for (const name in fields) {
    if (!NAMES.has(name)) {
      throw new ServerEventError(
        `An event has no field ${JSON.stringify(name)}: it has id, event, data, retry and comment. What is for the client goes into data.`,
      );
    }
  }
  if (text === "") {
    throw new ServerEventError("An event without any field: give it data, for instance.");
  }
}

/** A client drops an event without data, whatever its name is. */
export const EMPTY_DATA = "data:\n";

export function idLine(id: unknown): string {
  const text = Number.isFinite(id) ? String(id) : id;
  if (typeof text !== "string") {
    throw new ServerEventError(`The id of an event is a string or a number, not ${describeValue(id)}.`);
  }
  if (text.length > LONGEST_ID) {
    throw new ServerEventError(
      `The id of an event has ${LONGEST_ID} characters at most, not ${text.length}: clients send it back in a header.`,
    );
  }
  if (text.includes("\0")) {
    throw new ServerEventError("The id of an event holds no NUL: clients would ignore it.");
  }
  return singleLine("id", text);
}

export function eventLine(name: unknown): string {
  return singleLine("event", name);
}

export function commentLine(comment: unknown): string {
  return singleLine("", comment);
}

export function retryLine(milliseconds: unknown): string {
  if (!Number.isSafeInteger(milliseconds) || (milliseconds as number) < 0) {
    throw new ServerEventError(
      `retry is a whole number of milliseconds, not ${typeof milliseconds === "number" ? milliseconds : describeValue(milliseconds)}.`,
    );
  }
  return `retry:${milliseconds as number}\n`;
}

/** One line for each line of the text: what comes after a line break would be another field otherwise. */
export function dataLines(data: unknown): string {
  if (typeof data !== "string") {
    throw new ServerEventError(
      `The data of an event is a string, not ${describeValue(data)}: withJsonData(value) sends other values.`,
    );
  }
  return data.includes("\n") || data.includes("\r")
    ? data.split(LINE_BREAK).map(dataLine).join("")
    : dataLine(data);
}

export function jsonLine(value: unknown): string {
  const json = jsonText(value);
  if (json === undefined || ArrayBuffer.isView(value)) {
    throw new ServerEventError(
      `The data of an event is text or has a JSON form, which ${describeValue(value)} has not.`,
    );
  }
  return `data:${json}\n`;
}

function dataLine(line: string): string {
  return `data:${line.charCodeAt(0) === SPACE ? " " : ""}${line}\n`;
}

function singleLine(field: "id" | "event" | "", value: unknown): string {
  const what = field === "" ? "comment" : field;
  if (typeof value !== "string") {
    throw new ServerEventError(`The ${what} of an event is a string, not ${describeValue(value)}.`);
  }
  if (LINE_BREAK.test(value)) {
    throw new ServerEventError(
      `The ${what} of an event holds no line break: what follows it would be read as another field.`,
    );
  }
  return `${field}:${value.charCodeAt(0) === SPACE ? " " : ""}${value}\n`;
}

/** Clients take away one space in front of a value (HTML Standard §9.2.6): one that is meant needs another. */
const SPACE = 32;
