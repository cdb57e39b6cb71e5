// A client and its connection in the memory of the server's own process: what requests cost without the kernel, whose
// share changes with whatever else the machine does.

import { Duplex } from "node:stream";

const HEAD_END = "\r\n\r\n";
const LAST_CHUNK = Buffer.from("0\r\n\r\n");

/** One connection of keep-alive: a request goes in by `send`, and `isIdle` says when its response is whole. */
export class MemoryConnection extends Duplex {
  isIdle = true;
  /** What is still to come of the response; `Infinity` where only its last chunk tells. */
  #missing = 0;
  #hasHead = false;
  #status = 0;
  #onAnswer;

  constructor(onAnswer) {
    // As with sockets: text stays text until it is written.
    super({ decodeStrings: false });
    this.#onAnswer = onAnswer;
  }

  send(bytes) {
    this.isIdle = false;
    this.#hasHead = false;
    this.push(bytes);
  }

  setTimeout() {
    return this;
  }
  setNoDelay() {}
  setKeepAlive() {}
  ref() {}
  unref() {}

  _read() {}

  _write(chunk, encoding, done) {
    this.#take(chunk, encoding);
    done();
  }

  _writev(chunks, done) {
    for (const { chunk, encoding } of chunks) this.#take(chunk, encoding);
    done();
  }

  #take(chunk, encoding) {
    let size = typeof chunk === "string" ? Buffer.byteLength(chunk, encoding) : chunk.length;
    if (!this.#hasHead) {
      const end = chunk.indexOf(HEAD_END);
      const head = typeof chunk === "string" ? chunk.slice(0, end) : chunk.latin1Slice(0, end);
      size -= end + 4;
      this.#hasHead = true;
      this.#status = Number(head.slice(9, 12));
      const length = /^content-length: *(\d+)/im.exec(head);
      const isEmpty = this.#status === 304 || this.#status === 204;
      this.#missing = length !== null ? Number(length[1]) : isEmpty ? 0 : Number.POSITIVE_INFINITY;
      if (isEmpty) this.#missing = 0;
    }
    if (this.#missing === Number.POSITIVE_INFINITY) {
      if (size <= 64 && endsBody(chunk)) this.#finish();
      return;
    }
    this.#missing -= size;
    if (this.#missing <= 0) this.#finish();
  }

  #finish() {
    this.isIdle = true;
    this.#onAnswer(this.#status);
  }
}

function endsBody(chunk) {
  return typeof chunk === "string" ? chunk.endsWith("0\r\n\r\n") : chunk.subarray(-5).equals(LAST_CHUNK);
}

/** The bytes of a request, with a number in place of each `{n}`. */
export function requestMaker({
  method = "GET",
  path = "/",
  host = "127.0.0.1:8080",
  headers = {},
  body = "",
  modulus = 0,
}) {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const length = body === "" ? "" : `Content-Length: ${Buffer.byteLength(body)}\r\n`;
  const text = `${method} ${path} HTTP/1.1\r\nHost: ${host}\r\n${lines.join("")}${length}\r\n${body}`;
  if (!text.includes("{n}")) {
    const same = Buffer.from(text);
    return () => same;
  }
  const parts = text.split("{n}");
  return (number) => Buffer.from(parts.join(String(modulus > 0 ? number % modulus : number)), "latin1");
}
