import { describeValue } from "../../common/describe-value.ts";
import { reasonPhrase } from "../../response/status-code.ts";
import { printable } from "./printable.ts";

/** An error as it is logged. */
export interface ErrorEntry extends ErrorLink {
  /** What caused it, and what caused that, and so on. */
  readonly chain?: readonly ErrorLink[];
}

/** An error, or one of its causes. */
export interface ErrorLink {
  /** The name of its class, to search for; "NonError" for what is no error. */
  readonly type: string;
  /** Its message, for operators. */
  readonly msg: string;
  /** Its `code`, if it has one. */
  readonly code?: string | number;
  /** Its stack, for developers; not for an `ErrorResponse` below 500, which is nobody's mistake. */
  readonly detail?: string;
  /** Those of an `AggregateError`. */
  readonly errors?: readonly ErrorLink[];
}

/** A cause is rarely deeper; one that is its own cause has no end. */
const MOST_LINKS = 10;
const LONGEST_MESSAGE = 2_000;
const LONGEST_DETAIL = 8_000;

/**
 * What can be said of anything that was thrown. Never throws, whatever its getters do, and says no more than a few
 * thousand characters of each error.
 */
export function errorEntry(error: unknown): ErrorEntry {
  const seen = new Set<unknown>([error]);
  const chain: ErrorLink[] = [];
  let cause = read(error, "cause");
  while (cause !== undefined && cause !== null && chain.length < MOST_LINKS && !seen.has(cause)) {
    seen.add(cause);
    chain.push(linkOf(cause));
    cause = read(cause, "cause");
  }
  return { ...linkOf(error), ...(chain.length > 0 && { chain }) };
}

function linkOf(error: unknown): ErrorLink {
  if (!isErrorLike(error)) {
    return { type: "NonError", msg: printable(describeThrown(error), LONGEST_MESSAGE) };
  }
  const errors = errorsOf(error);
  return { ...withoutErrors(error), ...(errors.length > 0 && { errors }) };
}

function withoutErrors(error: object): ErrorLink {
  const code = read(error, "code");
  const stack = isAnswer(error) ? undefined : read(error, "stack");
  return {
    type: printable(typeOf(error), 200),
    msg: printable(textOf(read(error, "message")), LONGEST_MESSAGE) || titleOf(error),
    ...((typeof code === "string" || typeof code === "number") && {
      code: typeof code === "string" ? printable(code, 200) : code,
    }),
    ...(typeof stack === "string" && { detail: printable(stack, LONGEST_DETAIL, true) }),
  };
}

/** What a client gets as the title of an error without a message, such as "Not Found". */
function titleOf(error: object): string {
  const status = typeof read(error, "intoResponse") === "function" ? read(error, "status") : undefined;
  return typeof status === "number" ? (attempt(() => reasonPhrase(status)) ?? "") : "";
}

/** Not those within those: an error would have as many as somebody likes. */
function errorsOf(error: object): readonly ErrorLink[] {
  const errors = read(error, "errors");
  if (typeOf(error) !== "AggregateError" || attempt(() => Array.isArray(errors)) !== true) {
    return [];
  }
  const count = read(errors, "length");
  return Array.from({ length: Math.min(MOST_LINKS, typeof count === "number" ? count : 0) }, (_, index) => {
    const one = read(errors, String(index));
    return isErrorLike(one)
      ? withoutErrors(one)
      : { type: "NonError", msg: printable(describeThrown(one), LONGEST_MESSAGE) };
  });
}

/** Errors of other realms are no instances of `Error` here. */
function isErrorLike(value: unknown): value is object {
  return typeof value === "object" && value !== null && typeof read(value, "message") === "string";
}

/** An `ErrorResponse` of the client's fault, told without its class: this also meets copies of it. */
function isAnswer(error: object): boolean {
  const status = read(error, "status");
  return typeof status === "number" && status < 500 && typeof read(error, "intoResponse") === "function";
}

function typeOf(error: object): string {
  const name = read(error, "name");
  const constructorName = read(read(error, "constructor"), "name");
  const own = typeof constructorName === "string" ? constructorName : "";
  // Most subclasses do not set the name, and inherit "Error".
  const isInherited = typeof name !== "string" || name === "" || name === "Error";
  return isInherited && own !== "" && own !== "Object"
    ? own
    : typeof name === "string" && name !== ""
      ? name
      : "Error";
}

/** A value of its own says what it is; of an object only the names, since its values may be anybody's secrets. */
function describeThrown(value: unknown): string {
  switch (typeof value) {
    case "string":
      return value;
    case "object":
      return value === null
        ? "null"
        : `${attempt(() => describeValue(value)) ?? "an object"}${keysOf(value)}`;
    case "function":
      return "a function";
    default:
      return String(value);
  }
}

function keysOf(value: object): string {
  const keys = attempt(() => Object.keys(value).slice(0, 20)) ?? [];
  return keys.length === 0 || Array.isArray(value) ? "" : ` with ${keys.join(", ")}`;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function read(value: unknown, name: string): unknown {
  return typeof value === "object" || typeof value === "function"
    ? attempt(() => (value as Record<string, unknown> | null)?.[name])
    : undefined;
}

function attempt<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
