// Frames as clients send them, and the heads of what comes back.

import { randomBytes } from "node:crypto";

export const OPCODES = { text: 0x81, binary: 0x82 };

/** A masked frame, as clients send it (RFC 6455 §5.3). */
export function maskedFrame(payload, opcode) {
  const mask = randomBytes(4);
  const masked = payload.map((byte, index) => byte ^ mask[index % 4]);
  const head = header(payload.length, opcode);
  head[1] |= 0x80;
  return Buffer.concat([head, mask, masked]);
}

export function header(length, opcode) {
  if (length < 126) return Buffer.from([opcode, length]);
  const head = Buffer.alloc(length < 65_536 ? 4 : 10);
  head[0] = opcode;
  head[1] = length < 65_536 ? 126 : 127;
  if (length < 65_536) head.writeUInt16BE(length, 2);
  else head.writeBigUInt64BE(BigInt(length), 2);
  return head;
}
