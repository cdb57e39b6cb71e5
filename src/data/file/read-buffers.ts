/** The largest part of a file that is read at once, in bytes. */
const LARGE = 256 * 1024;
/** The same when many files are being sent: 500 slow readers hold 32 MiB then, and not 128. */
const SMALL = 64 * 1024;
/** How many bytes readers may hold before new ones have to do with small buffers. */
const GENEROUS = 8 * 1024 * 1024;
/** Buffers that wait to be used again, at most 4 MiB. */
const KEPT = 16;

const waiting: Record<number, Buffer[]> = { [LARGE]: [], [SMALL]: [] };
let heldBytes = 0;

/** One place to read into, for one reader. */
export interface ReadSpace {
  /** How much is read at once. */
  readonly size: number;
  /** A buffer of that size, whose content is anything. */
  take(): Buffer;
  /** Gives one back that nobody looks at any more. */
  giveBack(buffer: Buffer): void;
  /** No more will be taken. */
  end(): void;
}

/** Takes part in the memory that all readers share. `length` is how much there is to be read. */
export function readSpace(length: number): ReadSpace {
  const size = length > SMALL && heldBytes < GENEROUS ? LARGE : SMALL;
  let isEnded = false;
  heldBytes += size;
  return {
    size,
    take: () => waiting[size]?.pop() ?? Buffer.allocUnsafeSlow(size),
    giveBack: (buffer) => {
      const others = waiting[size] as Buffer[];
      if (others.length < KEPT) {
        others.push(buffer);
      }
    },
    end: () => {
      heldBytes -= isEnded ? 0 : size;
      isEnded = true;
    },
  };
}
