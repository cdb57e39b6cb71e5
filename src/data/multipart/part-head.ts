import { parseMediaType } from "../media-type.ts";
import { type Disposition, parseDisposition } from "./content-disposition.ts";
import { formError } from "./multipart-form-error.ts";

/** What the headers of a part say of it. */
export interface PartHead extends Disposition {
  /** Type and subtype, in lower case. */
  readonly contentType: string;
  readonly charset: string | undefined;
  /** Names in lower case, values as latin1. */
  readonly headers: PartHeaders;
}

/** As the parser collects them: an object without a prototype. */
export type PartHeaders = Readonly<Record<string, readonly string[]>>;

/** Reads the headers of a part (RFC 7578 §4). */
export function parsePartHead(headers: PartHeaders): PartHead {
  // RFC 7578 §4.7 abolishes all others. Read as if they were not there, they would give other bytes than were meant.
  const coding = single(headers, "content-transfer-encoding");
  if (coding !== undefined && !IDENTITY.test(coding)) {
    throw formError("part-type", "A part has a Content-Transfer-Encoding, which is not read.");
  }
  const { name, fileName } = parseDisposition(single(headers, "content-disposition"));
  const written = single(headers, "content-type");
  if (written === undefined) {
    // RFC 7578 §4.4.
    return { name, fileName, contentType: "text/plain", charset: undefined, headers };
  }
  const type = parseMediaType(written);
  if (type === null) {
    throw formError("malformed", "A part has a malformed Content-Type.");
  }
  const charset = type.parameters.find(([name]) => name === "charset")?.[1];
  return { name, fileName, contentType: type.essence, charset, headers };
}

const IDENTITY = /^[ \t]*(?:7bit|8bit|binary)[ \t]*$/i;

/** A header that counts must not be there twice: somebody in front of us may have looked at the other one. */
function single(headers: PartHeaders, name: string): string | undefined {
  const values = headers[name];
  if (values !== undefined && values.length > 1) {
    throw formError("malformed", "A part has a header twice.");
  }
  return values?.[0];
}
