/** A stream of `node:zlib`, as far as waiting for it goes. */
export interface Drainable {
  readonly destroyed: boolean;
  once(event: "drain" | "close", listener: () => void): unknown;
  off(event: "drain" | "close", listener: () => void): unknown;
}

/** Waits until a stream takes more, or is gone: a decoder behind its end takes nothing and says nothing. */
export function drained(stream: Drainable): Promise<void> {
  return new Promise((resolve) => {
    const settle = () => {
      stream.off("drain", settle);
      stream.off("close", settle);
      resolve();
    };
    if (stream.destroyed) {
      resolve();
      return;
    }
    stream.once("drain", settle);
    stream.once("close", settle);
  });
}
