/** One part as it is written, or its pieces. */
export interface WrittenPart {
  readonly name?: string;
  readonly fileName?: string;
  readonly type?: string;
  /** Further lines of headers. */
  readonly headers?: readonly string[];
  readonly body?: string | Uint8Array;
}

export const BOUNDARY = "----TestBoundary7MA4YWxk";
export const CONTENT_TYPE: string = `multipart/form-data; boundary=${BOUNDARY}`;

/** The bytes of a form, with its closing boundary. */
export function formOf(...parts: readonly WrittenPart[]): Buffer {
  const written = parts.flatMap(({ name = "a", fileName, type, headers = [], body = "" }) => [
    `--${BOUNDARY}\r\n`,
    `Content-Disposition: form-data; name="${name}"${fileName === undefined ? "" : `; filename="${fileName}"`}\r\n`,
    ...(type === undefined ? [] : [`Content-Type: ${type}\r\n`]),
    ...headers.map((line) => `${line}\r\n`),
    "\r\n",
    body,
    "\r\n",
  ]);
  return Buffer.concat([...written, `--${BOUNDARY}--\r\n`].map((piece) => Buffer.from(piece)));
}

/** Copies of bytes in chunks that end at the given offsets. */
export function cutAt(bytes: Uint8Array, ...offsets: readonly number[]): readonly Uint8Array[] {
  return [...offsets, bytes.length].map(
    (end, index) => new Uint8Array(bytes.subarray(index === 0 ? 0 : offsets[index - 1], end)),
  );
}

/** A stream of chunks, each in a turn of its own, which a reader must ask for. */
export function streamOf(chunks: Iterable<Uint8Array>): ReadableStream<Uint8Array> {
  const iterator = chunks[Symbol.iterator]();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        await new Promise(setImmediate);
        const { done, value } = iterator.next();
        if (done === true) {
          controller.close();
        } else {
          controller.enqueue(value);
        }
      },
    },
    { highWaterMark: 0 },
  );
}
