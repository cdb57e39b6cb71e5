import { decodeUtf8 } from "../decode-utf8.ts";
import { formError } from "./multipart-form-error.ts";

/** Text in a charset that a client names (RFC 7578 §4.5). */
export function decodePartText(bytes: Uint8Array, charset: string | undefined): string {
  const text =
    charset === undefined || /^utf-?8$/i.test(charset)
      ? decodeUtf8(bytes)
      : decode(bytes, decoderOf(charset));
  if (text === undefined) {
    throw formError("malformed", "A part has text that its charset does not have.");
  }
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
}

const BYTE_ORDER_MARK = "\uFEFF";

function decoderOf(charset: string): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(charset, { fatal: true, ignoreBOM: true });
  } catch {
    throw formError("part-type", "A part is in a charset that is not read.");
  }
}

function decode(bytes: Uint8Array, decoder: InstanceType<typeof TextDecoder>): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}
