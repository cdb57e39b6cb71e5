import { withoutStack } from "../common/argania-error.ts";
import { decodeUtf8 } from "./decode-utf8.ts";
import { JsonError, type TextPosition } from "./json-error.ts";
import { findJsonError } from "./json-syntax.ts";
import { parseSafely } from "./safe-json.ts";

/** The value takes more memory than its text: of `[{},{},…]` twenty times as much, of most others two to eight times. */
export const MEMORY_OF_JSON = 6;

const BYTE_ORDER_MARK = "\uFEFF";

/**
 * The value of a text in JSON (RFC 8259), or a `JsonError`.
 *
 * - A byte order mark is skipped, as the RFC (§8.1) allows: some editors and .NET clients write one.
 * - Of a name that occurs twice the last value counts, as for `JSON.parse`.
 * - The names `__proto__`, and `constructor` with a `prototype` inside, are refused however they are spelled: they do no
 *   harm in the value itself, but in the next object that something merges it into.
 */
export function parseJson(bytes: Uint8Array): unknown {
  const text = decodeUtf8(bytes);
  if (text === undefined) {
    throw withoutStack(() => new JsonError("The body is not valid UTF-8."));
  }
  const parsed = parseSafely(text);
  if (typeof parsed === "string") {
    throw withoutStack(() => refusal(text, parsed));
  }
  return parsed.value;
}

function refusal(marked: string, problem: "malformed" | "poisoned"): JsonError {
  if (problem === "poisoned") {
    return new JsonError('The body has the name "__proto__", or "prototype" inside "constructor".');
  }
  const text = marked.startsWith(BYTE_ORDER_MARK) ? marked.slice(1) : marked;
  const index = findJsonError(text);
  if (index < 0) {
    // Some engines have limits of their own, for nesting or for the length of a number.
    return new JsonError("The body is more than this server can parse.");
  }
  if (text.length === 0) {
    return new JsonError("The body is empty, JSON is wanted.");
  }
  const position = positionOf(text, index);
  const reason = index === text.length ? "it ends too early" : "what stands there is not expected";
  return new JsonError(
    `The body is not valid JSON: ${reason} (line ${position.line}, column ${position.column}).`,
    { position },
  );
}

function positionOf(text: string, index: number): TextPosition {
  let line = 1;
  let start = 0;
  for (let end = text.indexOf("\n"); end >= 0 && end < index; end = text.indexOf("\n", start)) {
    line++;
    start = end + 1;
  }
  return { line, column: index - start + 1 };
}
