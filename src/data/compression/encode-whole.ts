import type { MaybePromise } from "../../common/maybe-promise.ts";
import type { ContentCoding } from "./content-coding.ts";
import type { Encoding } from "./encodings.ts";
import { type Engine, nodeEngines } from "./engines.ts";

/**
 * Up to so many bytes are compressed at once, in 0.05 to 0.2 ms. Handing them to another thread and back takes the event loop
 * about as long, and the client twice that.
 */
const MOST_AT_ONCE = 16 * 1024;

/**
 * What these are compressed to mostly fits in. It is allocated for each of them, and kept until the body is sent: with 64 KiB,
 * 1 KiB takes a sixth longer.
 */
const CHUNK_AT_ONCE = 4 * 1024;

/** Above these it takes many times as long. */
const QUICK_LEVELS: Readonly<Record<ContentCoding, number>> = { gzip: 9, br: 5, zstd: 6 };

/** How many are compressed on other threads at a time: there are four of them, and each one that waits holds memory. */
const MOST_LATER = 8;
/** How many wait for that: each one holds its body, and its client would wait longer than for a body as it is. */
const MOST_WAITING = 64;
let running = 0;
const waiting: (() => void)[] = [];

/**
 * A text or bytes, compressed: at once if that is quick, else on another thread, where few are compressed at a time. `null`
 * when too many wait for that already.
 *
 * @param signal the request's; asked for when a body has waited. Rejects with its reason if nobody wants the body any more
 */
export function encodeWhole(
  content: string | Uint8Array,
  { coding, level }: Encoding,
  signal: () => AbortSignal,
): MaybePromise<Uint8Array> | null {
  const engine = nodeEngines()?.get(coding);
  if (engine === undefined) {
    return encodeOnWeb(content);
  }
  if (content.length <= MOST_AT_ONCE && level <= QUICK_LEVELS[coding]) {
    return engine.encodeNow(content, engine.options(level, CHUNK_AT_ONCE));
  }
  return waiting.length < MOST_WAITING ? encodeLater(content, engine, level, signal) : null;
}

function encodeLater(
  content: string | Uint8Array,
  engine: Engine,
  level: number,
  signal: () => AbortSignal,
): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const start = () => {
      running++;
      try {
        engine.encodeLater(content, engine.options(level), (error, encoded) => {
          goOn();
          if (error === null) {
            resolve(encoded);
          } else {
            reject(error);
          }
        });
      } catch (error) {
        goOn();
        reject(error);
      }
    };
    if (running < MOST_LATER) {
      start();
    } else {
      waiting.push(() => {
        const { aborted, reason } = signal();
        if (aborted) {
          reject(reason);
          startNext();
        } else {
          start();
        }
      });
    }
  });
}

function goOn(): void {
  running--;
  startNext();
}

function startNext(): void {
  waiting.shift()?.();
}

/** Without `node:zlib` there is gzip only. */
async function encodeOnWeb(content: string | Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([content as string | Uint8Array<ArrayBuffer>]).stream();
  const encoded = new Response(stream.pipeThrough(new CompressionStream("gzip")));
  return new Uint8Array(await encoded.arrayBuffer());
}
