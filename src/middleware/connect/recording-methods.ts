import type { HeaderValue, RawResponse, Written } from "./node-http.ts";
import type { Recording } from "./recorded-response.ts";

/** Where a response has its recording: a `WeakMap` would cost the garbage collector more than all the rest. */
const RECORDING = Symbol("recording");

interface Recorded {
  [RECORDING]?: Recording;
}

/**
 * Has a response go to `recording` instead of a socket. What decides where it goes are own properties, which stay when
 * Express replaces the prototype.
 */
export function beginRecording(response: RawResponse, recording: Recording): void {
  (response as Recorded)[RECORDING] = recording;
  // What HEAD gets is GET's response until it is sent, so that layers further outside see the same.
  response._hasBody = true;
  response._storeHeader = RECORDING_METHODS._storeHeader;
  response.write = RECORDING_METHODS.write;
  response.end = RECORDING_METHODS.end;
  response.flushHeaders = RECORDING_METHODS.flushHeaders;
  response.destroy = RECORDING_METHODS.destroy;
}

/** What else a response has that goes nowhere; for its prototype. */
export const RECORDED_PROPERTIES: PropertyDescriptorMap = {
  socket: {
    configurable: true,
    get(this: RawResponse): unknown {
      return (this as { req?: { socket?: unknown } }).req?.socket ?? null;
    },
    set: ignore,
  },
  writableFinished: {
    configurable: true,
    get(this: RawResponse): boolean {
      return (this as Recorded)[RECORDING]?.isFinished === true;
    },
  },
  // Interim responses and trailers have no place in a response that layers may still replace.
  addTrailers: { configurable: true, writable: true, value: ignore },
  // The socket that they would hold back is not this response's.
  cork: { configurable: true, writable: true, value: ignore },
  uncork: { configurable: true, writable: true, value: ignore },
  _send: { configurable: true, writable: true, value: () => true },
  _writeRaw: { configurable: true, writable: true, value: () => true },
};

/** Whether middleware has put its own functions in front of those that write the body. */
export function isPatched(response: RawResponse): boolean {
  return response.write !== RECORDING_METHODS.write || response.end !== RECORDING_METHODS.end;
}

function recordingOf(response: object): Recording {
  return (response as Recorded)[RECORDING] as Recording;
}

const RECORDING_METHODS = {
  _storeHeader(this: RawResponse, statusLine: string, given: unknown): void {
    // Without headers of its own in store, Node passes on what `writeHead` was given.
    if (this.getHeaderNames().length === 0) {
      storeHeaders(this, given);
    }
    recordingOf(this).headers = headerListOf(this);
    this._header = statusLine;
  },
  write(this: RawResponse, chunk: unknown, encoding?: unknown, callback?: unknown): boolean {
    const written = callbackOf(encoding, callback);
    if (refuseLate(this, written)) {
      return false;
    }
    const bytes = checkedChunk(chunk, encoding);
    if (!this.headersSent) {
      this._implicitHeader();
    }
    const recording = recordingOf(this);
    recording.schedule();
    return this._hasBody ? recording.body.write(bytes, written) : true;
  },
  end(this: RawResponse, chunk?: unknown, encoding?: unknown, callback?: unknown): RawResponse {
    if (typeof chunk === "function") {
      return RECORDING_METHODS.end.call(this, undefined, undefined, chunk);
    }
    const written = callbackOf(encoding, callback);
    const hasChunk = chunk !== undefined && chunk !== null;
    if (this.finished || this.destroyed) {
      if (hasChunk) {
        refuseLate(this, written);
      }
      return this;
    }
    const bytes = hasChunk ? checkedChunk(chunk, encoding) : "";
    if (!this.headersSent) {
      this._implicitHeader();
    }
    if (written !== undefined) {
      this.once("finish", written);
    }
    const recording = recordingOf(this);
    if (this._hasBody) {
      recording.body.write(bytes, undefined);
    }
    this.finished = true;
    recording.body.end();
    recording.deliver();
    return this;
  },
  flushHeaders(this: RawResponse): void {
    if (!this.headersSent) {
      this._implicitHeader();
    }
    recordingOf(this).schedule();
  },
  destroy(this: RawResponse, error?: Error): RawResponse {
    if (!this.destroyed) {
      this.destroyed = true;
      recordingOf(this).breakOff(error ?? new Error("A middleware destroyed its response."));
    }
    return this;
  },
};

function storeHeaders(response: RawResponse, given: unknown): void {
  if (Array.isArray(given)) {
    const pairs: unknown[] = given.every(Array.isArray) ? given.flat() : given;
    for (let index = 0; index + 1 < pairs.length; index += 2) {
      response.appendHeader(String(pairs[index]), pairs[index + 1] as string);
    }
  } else if (typeof given === "object" && given !== null) {
    for (const [name, value] of Object.entries(given)) {
      response.setHeader(name, value as HeaderValue);
    }
  }
}

function headerListOf(response: RawResponse): string[] {
  const list: string[] = [];
  for (const name of response.getHeaderNames()) {
    const value = response.getHeader(name);
    for (const each of Array.isArray(value) ? value : [value]) {
      list.push(name, String(each));
    }
  }
  return list;
}

/** As Node: text in UTF-8 is kept as it is, anything else in bytes. */
function checkedChunk(chunk: unknown, encoding: unknown): Uint8Array | string {
  if (typeof chunk === "string") {
    const isUtf8 = typeof encoding !== "string" || /^utf-?8$/i.test(encoding);
    return isUtf8 ? chunk : Buffer.from(chunk, encoding as BufferEncoding);
  }
  if (chunk instanceof Uint8Array) {
    return chunk;
  }
  throw Object.assign(new TypeError("A response is written as a string or as bytes."), {
    code: "ERR_INVALID_ARG_TYPE",
  });
}

function callbackOf(encoding: unknown, callback: unknown): Written | undefined {
  const found = typeof encoding === "function" ? encoding : callback;
  return typeof found === "function" ? (found as Written) : undefined;
}

/** What comes after the end is told to whoever listens, and else ignored: Node would end the process. */
function refuseLate(response: RawResponse, callback: Written | undefined): boolean {
  if (!response.finished && !response.destroyed) {
    return false;
  }
  const [code, message] = response.finished
    ? ["ERR_STREAM_WRITE_AFTER_END", "write after end"]
    : ["ERR_STREAM_DESTROYED", "Cannot write after the response was destroyed"];
  const error = Object.assign(new Error(message), { code });
  const recording = recordingOf(response);
  if (callback !== undefined) {
    recording.callLater(callback, error);
  }
  process.nextTick(() => {
    if (!response.destroyed && response.listenerCount("error") > 0) {
      recording.emit("error", error);
    }
  });
  return true;
}

function ignore(): void {}
