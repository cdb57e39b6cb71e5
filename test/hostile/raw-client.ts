import { connect } from "node:net";
import { expand } from "./hostile-case.ts";

/** Where the server listens. */
export interface Target {
  readonly host: string;
  readonly port: number;
}

/** The bytes that came back. */
export interface RawAnswer {
  readonly bytes: Buffer;
  /** Whether the server has closed the connection. */
  readonly isClosed: boolean;
  /** Until the first byte. */
  readonly milliseconds: number;
}

/** One response as it was on the wire. */
export interface ParsedResponse {
  readonly status: number;
  /** Names in lower case, repeated ones joined by ", ". */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Whether the body was as long as the head says. */
  readonly isWhole: boolean;
}

/** After a whole response nothing more is expected for longer than this, in milliseconds. */
const QUIET = 250;

/** Sends bytes (latin1, with `{{rep:…}}`) as they are and collects what comes back until nothing more does. */
export function sendRaw({ host, port }: Target, raw: string, patience = 5_000): Promise<RawAnswer> {
  return new Promise((resolve) => {
    const startedAt = performance.now();
    const chunks: Buffer[] = [];
    let firstByte = 0;
    let quiet: NodeJS.Timeout | undefined;
    const socket = connect(port, host, () => socket.write(Buffer.from(expand(raw), "latin1")));
    const finish = (isClosed: boolean) => {
      clearTimeout(limit);
      clearTimeout(quiet);
      socket.destroy();
      const milliseconds = (firstByte || performance.now()) - startedAt;
      resolve({ bytes: Buffer.concat(chunks), isClosed, milliseconds });
    };
    const limit = setTimeout(() => finish(false), patience);
    socket.on("data", (chunk: Buffer) => {
      firstByte ||= performance.now();
      chunks.push(chunk);
      clearTimeout(quiet);
      const last = parseResponses(Buffer.concat(chunks), raw.startsWith("HEAD ")).at(-1);
      if (last?.isWhole === true && last.status >= 200) {
        quiet = setTimeout(() => finish(false), QUIET);
      }
    });
    socket.on("end", () => finish(true));
    socket.on("close", () => finish(true));
    socket.on("error", () => {});
  });
}

/** Reads responses out of bytes, interim ones included, with no more trust than a proxy would have. */
export function parseResponses(bytes: Buffer, isHead: boolean): readonly ParsedResponse[] {
  const text = bytes.toString("latin1");
  const responses: ParsedResponse[] = [];
  let position = 0;
  while (position < text.length) {
    const headEnd = text.indexOf("\r\n\r\n", position);
    const [statusLine = "", ...lines] = text.slice(position, Math.max(headEnd, position)).split("\r\n");
    const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(statusLine)?.[1] ?? 0);
    if (headEnd < 0 || status === 0) {
      break;
    }
    const headers = headersOf(lines);
    const hasBody = status >= 200 && status !== 204 && status !== 304 && !isHead;
    const body = hasBody
      ? readBody(text, headEnd + 4, headers)
      : { text: "", isWhole: true, end: headEnd + 4 };
    responses.push({
      status,
      headers,
      body: Buffer.from(body.text, "latin1").toString("utf8"),
      isWhole: body.isWhole,
    });
    position = body.end;
  }
  return responses;
}

function headersOf(lines: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
  }
  return headers;
}

interface Body {
  readonly text: string;
  readonly isWhole: boolean;
  readonly end: number;
}

function readBody(text: string, start: number, headers: Readonly<Record<string, string>>): Body {
  if (/chunked/i.test(headers["transfer-encoding"] ?? "")) {
    return readChunks(text, start);
  }
  const length = headers["content-length"];
  if (length !== undefined) {
    const body = text.slice(start, start + Number(length));
    return { text: body, isWhole: body.length === Number(length), end: start + Number(length) };
  }
  return { text: text.slice(start), isWhole: true, end: text.length };
}

function readChunks(text: string, start: number): Body {
  let body = "";
  let position = start;
  for (;;) {
    const lineEnd = text.indexOf("\r\n", position);
    const size = Number.parseInt(text.slice(position, lineEnd), 16);
    if (lineEnd < 0 || Number.isNaN(size)) {
      return { text: body, isWhole: false, end: text.length };
    }
    body += text.slice(lineEnd + 2, lineEnd + 2 + size);
    position = lineEnd + 2 + size + 2;
    if (size === 0 || position > text.length) {
      return { text: body, isWhole: size === 0 && position <= text.length, end: position };
    }
  }
}
