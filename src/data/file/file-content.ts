import { type BodyPiece, type ByteSpan, FileBody } from "./file-body.ts";
import { OpenFile } from "./open-file.ts";

/** Up to this size a file is read as a whole and sent in one piece, in bytes. */
export const WHOLE_LIMIT: number = 64 * 1024;

/** The bytes of a file: in memory, or still in the file. */
export type FileContent = Uint8Array | OpenFile;

export function sizeOf(content: FileContent): number {
  return content instanceof OpenFile ? content.size : content.byteLength;
}

/** All of it as something that can be sent. */
export function wholeOf(content: FileContent): Uint8Array | FileBody {
  return content instanceof OpenFile ? new FileBody(content, [{ start: 0, end: content.size }]) : content;
}

export function partOf(content: FileContent, { start, end }: ByteSpan): Uint8Array | FileBody {
  return content instanceof OpenFile ? new FileBody(content, [{ start, end }]) : content.subarray(start, end);
}

/** Parts, and what stands between them. */
export function piecesOf(content: FileContent, pieces: readonly BodyPiece[]): Uint8Array | FileBody {
  return content instanceof OpenFile
    ? new FileBody(content, pieces)
    : Buffer.concat(
        pieces.map((piece) =>
          piece instanceof Uint8Array ? piece : content.subarray(piece.start, piece.end),
        ),
      );
}

/** All of it chunk by chunk, for what works on streams. */
export function chunksOf(content: FileContent): FileBody | AsyncGenerator<Uint8Array, undefined> {
  return content instanceof OpenFile ? (wholeOf(content) as FileBody) : oneChunk(content);
}

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array, undefined> {
  yield bytes;
}

/** Lets go of what will not be sent. */
export function release(content: FileContent): void {
  if (content instanceof OpenFile) {
    content.close();
  }
}
