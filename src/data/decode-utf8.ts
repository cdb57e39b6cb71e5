/** As much of Node's `Buffer` as decoding takes; Bun and Deno have it, too. */
interface BufferLike {
  from(buffer: ArrayBufferLike, offset: number, length: number): { toString(): string };
  isBuffer(value: unknown): boolean;
}

const NodeBuffer = /* @__PURE__ */ platformBuffer();

function platformBuffer(): BufferLike | undefined {
  return (globalThis as { readonly Buffer?: BufferLike }).Buffer;
}

/**
 * Text in UTF-8, or `undefined` when it is malformed. A byte order mark stays what it is, its first character.
 *
 * Node's `Buffer` is faster than its `TextDecoder` on a body of usual size, but puts U+FFFD for what is malformed: only a text
 * with that character in it, which it may also have of its own, is decoded again.
 */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  if (NodeBuffer !== undefined) {
    const buffer = NodeBuffer.isBuffer(bytes)
      ? (bytes as { toString(): string })
      : NodeBuffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const text = buffer.toString();
    if (!text.includes("\uFFFD")) {
      return text;
    }
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
