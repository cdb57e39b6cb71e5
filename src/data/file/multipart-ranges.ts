import { randomBytes } from "node:crypto";
import type { BodyPiece, ByteSpan } from "./file-body.ts";

/** Several parts of a file as one body (RFC 9110 §14.6). */
export interface MultipartRanges {
  readonly contentType: string;
  readonly length: number;
  readonly pieces: readonly BodyPiece[];
}

export function multipartRanges(
  spans: readonly ByteSpan[],
  size: number,
  contentType: string | null,
): MultipartRanges {
  // As long as it is, it does not occur in the file by chance; nobody who writes the file can foresee it.
  const boundary = randomBytes(24).toString("hex");
  const type = contentType === null ? "" : `content-type: ${contentType}\r\n`;
  const pieces: BodyPiece[] = [];
  let length = 0;
  const add = (text: string) => {
    const bytes = Buffer.from(text, "latin1");
    pieces.push(bytes);
    length += bytes.length;
  };
  for (const [index, span] of spans.entries()) {
    const range = `content-range: ${contentRange(span, size)}\r\n`;
    add(`${index === 0 ? "" : "\r\n"}--${boundary}\r\n${type}${range}\r\n`);
    pieces.push(span);
    length += span.end - span.start;
  }
  add(`\r\n--${boundary}--\r\n`);
  return { contentType: `multipart/byteranges; boundary=${boundary}`, length, pieces };
}

/** The value of `Content-Range` (RFC 9110 §14.4). */
export function contentRange({ start, end }: ByteSpan, size: number): string {
  return `bytes ${start}-${end - 1}/${size}`;
}
