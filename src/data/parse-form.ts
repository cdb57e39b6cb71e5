import { withoutStack } from "../common/argania-error.ts";
import { appendField, type Fields } from "./append-field.ts";
import { decodeUtf8 } from "./decode-utf8.ts";
import { FormError, FormLimitError } from "./form-errors.ts";

/**
 * The fields of a form (URL Standard §5.1, `application/x-www-form-urlencoded` parsing), in an object without a prototype.
 *
 * - Names are flat: `a[b]` and `a.b` are names like any other. What makes objects of them makes room for attacks
 *   (CVE-2022-24999, CVE-2025-15284 of `qs`).
 * - A `%` that is not followed by two hexadecimal digits stands for itself, as in the standard: nothing is lost. What is not
 *   UTF-8 would be lost, as U+FFFD: that is a `FormError`.
 * - The name `__proto__` is refused: it does no harm here, but in the next object that something copies the fields to.
 */
export function parseForm(bytes: Uint8Array, mostFields: number): Fields {
  const text = decodeUtf8(bytes);
  if (text === undefined) {
    throw withoutStack(() => new FormError("The body is not valid UTF-8."));
  }
  const fields: Fields = Object.create(null);
  let count = 0;
  let equals = -1;
  for (let start = 0, end = 0; start < text.length; start = end + 1) {
    end = indexOrEnd(text, "&", start);
    if (end === start) {
      continue;
    }
    if (++count > mostFields) {
      throw withoutStack(() => new FormLimitError(mostFields));
    }
    // Looked for only when it was passed: each "&" would else search the whole rest.
    if (equals < start) {
      equals = indexOrEnd(text, "=", start);
    }
    const nameEnd = Math.min(equals, end);
    const name = decode(text.slice(start, nameEnd), count);
    if (name === "__proto__") {
      const field = count;
      throw withoutStack(() => new FormError('The form has the name "__proto__".', { field }));
    }
    appendField(fields, name, decode(text.slice(nameEnd + 1, end), count));
  }
  return fields;
}

function indexOrEnd(text: string, character: string, start: number): number {
  const index = text.indexOf(character, start);
  return index < 0 ? text.length : index;
}

const STRAY_PERCENT = /%(?![\da-f]{2})/gi;

function decode(written: string, field: number): string {
  const text = written.includes("+") ? written.replaceAll("+", " ") : written;
  if (!text.includes("%")) {
    return text;
  }
  try {
    // Made whole beforehand: a form of a thousand stray ones must not throw a thousand times.
    return decodeURIComponent(text.replace(STRAY_PERCENT, "%25"));
  } catch {
    throw withoutStack(() => new FormError(`The form is not valid UTF-8 (field ${field}).`, { field }));
  }
}
