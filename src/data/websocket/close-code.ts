/** RFC 6455 §7.4: 1004 is reserved, 1005, 1006 and 1015 say what was not sent, 1000 to 2999 belong to the protocol. */
export function assertSendable(code: number, reason: string): void {
  const isOwn = code >= 3000 && code <= 4999;
  const isStandard = code >= 1000 && code <= 1014 && code !== 1004 && code !== 1005 && code !== 1006;
  if (!Number.isInteger(code) || !(isOwn || isStandard)) {
    throw new RangeError(
      `A WebSocket cannot be closed with ${String(code)}: use 1000, another code of RFC 6455 §7.4.1 that may be sent, or 3000 to 4999.`,
    );
  }
  if (typeof reason !== "string" || new TextEncoder().encode(reason).byteLength > 123) {
    throw new RangeError("The reason of a close is a text of at most 123 bytes (RFC 6455 §5.5).");
  }
}
