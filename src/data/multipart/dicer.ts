/** As much of a part's stream as is used. The parser calls `push` with each chunk, and with `null` at the end. */
export interface DicerPart {
  push(chunk: Uint8Array | null): boolean;
  /** Lets the parser go on that `push` has told to wait. */
  _read(size: number): void;
  emit(event: "end"): boolean;
  once(event: "header", listener: (headers: Record<string, string[]>) => void): unknown;
  on(event: "error", listener: () => void): unknown;
}

/** The parser of @fastify/busboy, below the interface that joins headers and values: that one hides what is wrong. */
export interface DicerParser {
  write(chunk: Uint8Array, callback: () => void): unknown;
  end(): unknown;
  on(event: "part", listener: (part: DicerPart) => void): unknown;
  on(event: "finish", listener: () => void): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
  off(event: "part", listener: (part: DicerPart) => void): unknown;
  /** Not documented: what reads the headers of the parts, given the bytes from their first one on. */
  readonly _hparser?: { push(data: Uint8Array): unknown };
}

export interface DicerOptions {
  readonly boundary: string;
  /** More are left out, silently. */
  readonly maxHeaderPairs: number;
  /** What is longer is cut off, silently; in bytes. */
  readonly maxHeaderSize: number;
}

export type DicerClass = new (options: DicerOptions) => DicerParser;
