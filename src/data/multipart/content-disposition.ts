import { decodeUtf8 } from "../decode-utf8.ts";
import { formError } from "./multipart-form-error.ts";

/** What `Content-Disposition` says of a part. */
export interface Disposition {
  readonly name: string;
  /** Its last segment, without control characters; `undefined` for a part that is no file. */
  readonly fileName: string | undefined;
}

const TYPE = /^[ \t]*form-data[ \t]*/i;
/**
 * A value in quotes ends at the first quote before a semicolon or the end. That lets a backslash be what browsers take it
 * for, a character like any other even at the end of a name, and what RFC 2183 and curl with `--form-escape` do: a sign
 * that the quote after it is no end. No two runs of blanks can touch: where the second one fails, they would be tried at
 * every length of the first.
 */
const PARAMETER = /;[ \t]*(?:([!#$%&'*+\-.^_`|~\dA-Za-z]+)=(?:"((?:\\"|[^"])*)"|([^\s";,]*))[ \t]*)?(?=;|$)/y;

/** As most clients write it, with nothing in it that would have to be looked at. */
const USUAL = /^form-data; name="([^"\\%\x80-\xff]*)"(?:; filename="([^"\\%/\x80-\xff]*)")?$/;

/** Reads a header whose characters are the bytes of UTF-8. */
export function parseDisposition(header: string | undefined): Disposition {
  const usual = USUAL.exec(header ?? "");
  if (usual !== null) {
    const [, name = "", fileName] = usual;
    return { name, fileName: fileName === undefined ? undefined : baseName(fileName) };
  }
  const [before = ""] = TYPE.exec(header ?? "") ?? [];
  if (header === undefined || before === "") {
    throw formError("malformed", "A part has no Content-Disposition of the type form-data.");
  }
  const values = new Map<string, string>();
  PARAMETER.lastIndex = before.length;
  while (PARAMETER.lastIndex < header.length) {
    const match = PARAMETER.exec(header);
    const [, name = "", quoted, bare = ""] = match ?? [];
    const key = name.toLowerCase();
    // A name that is there twice is a way to show two readers two forms.
    if (match === null || values.has(key)) {
      throw formError("malformed", "A part has a malformed Content-Disposition.");
    }
    if (key !== "") {
      values.set(key, quoted === undefined ? bare : unescaped(quoted));
    }
  }
  const name = textOf(values.get("name"));
  if (name === undefined) {
    throw formError("malformed", "A part has no name, or one that is not in UTF-8.");
  }
  return { name, fileName: fileNameOf(values) };
}

/**
 * Browsers percent-encode quotes and line breaks, and nothing else, not even the percent sign (HTML Standard, "escape a
 * multipart form data name"). Who escapes a quote with a backslash encodes nothing.
 */
function unescaped(quoted: string): string {
  return quoted.includes('\\"')
    ? quoted.replace(/\\(["\\])/g, "$1")
    : quoted.replace(/%(?:22|0[AD])/gi, (code) => ESCAPES[code.toUpperCase()] as string);
}

const ESCAPES: Readonly<Record<string, string>> = { "%22": '"', "%0A": "\n", "%0D": "\r" };

function textOf(latin1: string | undefined): string | undefined {
  return latin1 === undefined || ASCII.test(latin1) ? latin1 : decodeUtf8(bytesOf(latin1));
}

const ASCII = /^[\0-\x7f]*$/;

function bytesOf(latin1: string): Uint8Array {
  return Uint8Array.from(latin1, (character) => character.charCodeAt(0));
}

/**
 * A form must not have `filename*` (RFC 7578 §4.2), but clients of .NET send it beside an ASCII name: it is the one to
 * take (RFC 6266 §4.3).
 */
function fileNameOf(values: ReadonlyMap<string, string>): string | undefined {
  const extended = values.get("filename*");
  if (extended !== undefined) {
    return baseName(decodeExtended(extended));
  }
  const name = values.get("filename");
  // Names of files come from the file system of who knows whom: what is no UTF-8 is no reason to refuse a form.
  return name === undefined ? undefined : baseName(textOf(name) ?? new TextDecoder().decode(bytesOf(name)));
}

/** RFC 8187 §3.2, in UTF-8, the only charset that must be understood. */
function decodeExtended(value: string): string {
  const encoded = /^utf-8'[^']*'((?:%[\da-f]{2}|[!#$&+\-.^_`|~\da-z])*)$/i.exec(value)?.[1];
  try {
    if (encoded !== undefined) {
      return decodeURIComponent(encoded);
    }
  } catch {
    // Not UTF-8.
  }
  throw formError("malformed", "A part has a malformed file name.");
}

/** No path, no control characters, and none that turn the direction of text, which let `exe.gpj` look like a picture. */
function baseName(path: string): string {
  const name = path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
  const clean = name.replace(UNPRINTABLE, "");
  return clean === "." || clean === ".." ? "" : clean;
}

const UNPRINTABLE = /[\p{Cc}\u200E\u200F\u202A-\u202E\u2066-\u2069\u2028\u2029]/gu;
