/** The same numbers for the same seed (mulberry32): from 0, below `limit`. */
export type Random = (limit: number) => number;

export function randomFrom(seed: number): Random {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

/** Around all lengths at which frames, or the ways in which they are sent, change. */
const LENGTHS = [0, 1, 2, 7, 125, 126, 127, 1_000, 4_000, 16_383, 16_384, 16_385, 65_535, 65_536, 102_400];
const MOSTLY = 9;
/** Of one to four bytes, of Latin-1 and beyond, and what V8 keeps two bytes for although it is ASCII. */
const CHARACTERS = ["a", "\0", "\x7f", "\x80", "é", "ÿ", "Ā", "€", "😀"];

/** A text or bytes, up to 100 KiB. */
export function randomMessage(random: Random): string | Buffer {
  const length = LENGTHS[random(random(4) === 0 ? LENGTHS.length : MOSTLY)] as number;
  switch (random(5)) {
    case 0:
      return String.fromCharCode(97 + random(26)).repeat(length);
    case 1:
      return `Ā${String.fromCharCode(97 + random(26)).repeat(length)}`.slice(1);
    case 2: {
      const part = Array.from({ length: Math.min(length, 50) }, () => CHARACTERS[random(CHARACTERS.length)]);
      return part.join("").repeat(Math.ceil(length / 150));
    }
    default: {
      // Of a length that no power of two is a multiple of: what is in the wrong place is different.
      const part = Buffer.from(Array.from({ length: 251 }, () => random(256)));
      return Buffer.alloc(length, part);
    }
  }
}
