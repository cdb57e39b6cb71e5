import { describeValue } from "../../common/describe-value.ts";

/** Throws a `TypeError` for what is no message. */
export function bytesOf(message: unknown): Uint8Array {
  if (ArrayBuffer.isView(message)) {
    return new Uint8Array(message.buffer, message.byteOffset, message.byteLength);
  }
  if (message instanceof ArrayBuffer) {
    return new Uint8Array(message);
  }
  throw new TypeError(
    `A WebSocket sends text or bytes, not ${describeValue(message)}: write send(JSON.stringify(value)).`,
  );
}
