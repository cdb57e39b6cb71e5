/** Whether a client shows a file or stores it. */
export type Disposition = "attachment" | "inline";

/** File systems have no longer names. */
const MAX_LENGTH = 255;
/** Controls, and the characters that turn the direction of writing: "annexe‮txt.exe" shows as "annexeexe.txt". */
const UNSEEN = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
const SEPARATORS = /[/\\]/g;
const LONE_SURROGATES = /\p{Surrogate}/gu;
const NOT_ASCII = /[^ -~]/gu;

/**
 * The value of `Content-Disposition` (RFC 6266). A name that is more than plain ASCII is given twice: as `filename*` in
 * UTF-8 (RFC 8187), and with `_` for what old clients do not understand.
 *
 * The name may come from anybody: it cannot end the value or the header, name a folder, or hide its extension.
 */
export function contentDisposition(disposition: Disposition, fileName: string | undefined): string {
  if (fileName === undefined) {
    return disposition;
  }
  const name = cleanName(fileName);
  const ascii = name.replace(NOT_ASCII, "_");
  const quoted = `${disposition}; filename="${ascii.replace(/["\\]/g, "\\$&")}"`;
  // Some clients decode what looks like percent-encoding in the plain form (RFC 6266, appendix D).
  const isPlain = ascii === name && !/%[\dA-F]{2}/i.test(name);
  return isPlain ? quoted : `${quoted}; filename*=UTF-8''${encodeExtended(name)}`;
}

function cleanName(fileName: string): string {
  const name = Array.from(fileName.replace(LONE_SURROGATES, "\ufffd"))
    .slice(0, MAX_LENGTH)
    .join("")
    .replace(UNSEEN, "_")
    .replace(SEPARATORS, "_");
  return name === "" || name === "." || name === ".." ? "_" : name;
}

/** RFC 8187 §3.2.1: `attr-char` has none of `'`, `(`, `)` and `*`, which `encodeURIComponent` leaves. */
function encodeExtended(name: string): string {
  return encodeURIComponent(name).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
