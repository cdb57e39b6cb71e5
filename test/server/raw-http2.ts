/** HTTP/2 by hand, for what Node's client does not do: it ends a stream before it resets it. One character a byte. */
const bytes = (value: number, count: number) =>
  String.fromCharCode(
    ...Array.from({ length: count }, (_, index) => (value >>> (8 * (count - 1 - index))) & 255),
  );

/** RFC 9113 §4.1. */
const frame = (type: number, flags: number, stream: number, payload: string) =>
  bytes(payload.length, 3) + bytes(type, 1) + bytes(flags, 1) + bytes(stream, 4) + payload;

export const PREFACE: string = `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${frame(4, 0, 0, "")}`;

/** HEADERS of a POST whose body is JSON and still to come (RFC 7541 §6). */
export function postFrame(stream: number, path: string, moreHeaders = ""): string {
  const text = (value: string) => bytes(value.length, 1) + value;
  const headers = `\x83\x86\x04${text(path)}\x01${text("x")}\x0f\x10${text("application/json")}${moreHeaders}`;
  return frame(1, 4, stream, headers);
}

/** The header `expect: 100-continue`. */
export const EXPECT_CONTINUE = "\x0f\x14\x0c100-continue";

/** DATA that does not end the stream. */
export const dataFrame = (stream: number, data: string): string => frame(0, 0, stream, data);

/** RST_STREAM, with CANCEL if no other code is given. */
export const resetFrame = (stream: number, code = 8): string => frame(3, 0, stream, bytes(code, 4));

/** GET, which ends the client's side of the stream. */
export function getFrame(stream: number, path: string): string {
  const text = (value: string) => bytes(value.length, 1) + value;
  return frame(1, 5, stream, `\x82\x86\x04${text(path)}\x01${text("x")}`);
}

/** A preface that lets the server send as much as it can (SETTINGS_INITIAL_WINDOW_SIZE, WINDOW_UPDATE). */
export const WIDE_PREFACE: string = `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${frame(4, 0, 0, bytes(4, 2) + bytes(2 ** 31 - 1, 4))}${frame(8, 0, 0, bytes(2 ** 30, 4))}`;
