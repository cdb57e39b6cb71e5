/**
 * Which of a set of texts stands at a place in a path: a character tells them apart, then one of them is left.
 *
 * Nothing is cut out and hashed for it, as a `Map` would need it: new strings have no hash yet, and computing one costs
 * more than all of this. Choices are numbers in one table and not objects, since what a large tree costs is the memory
 * that has to be fetched.
 *
 * A choice is written as the position of the character that decides, counted from the beginning of the text, the lowest
 * code that it has, how many codes follow, and for each of them the next choice: where it is in the table, `NO_TEXT`, or
 * below zero, for the only text that is left, the negative number that the caller has for it.
 */
export type ChoiceCells = number[];

/** No text begins like this. */
export const NO_TEXT = 0;

/**
 * The number of the only text that may stand at `start`, or `NO_TEXT`; it may be another one that stands there, which
 * the caller finds out by comparing it as a whole.
 */
export function textAt(cells: Int32Array, choice: number, path: string, start: number): number {
  let cell = choice;
  while (cell > NO_TEXT) {
    const at = start + (cells[cell] as number);
    const code = at < path.length ? path.charCodeAt(at) : SLASH;
    const index = (code === QUESTION_MARK ? SLASH : code) - (cells[cell + 1] as number);
    cell = index >= 0 && index < (cells[cell + 2] as number) ? (cells[cell + 3 + index] as number) : NO_TEXT;
  }
  return 0 - cell;
}

/**
 * Writes a choice among texts, of ASCII characters, that a path may go on with at some place. One may contain slashes,
 * but none goes on where another has ended. Each has its value at the same place in `values`; both lists are put into
 * another order. `write` writes what belongs to a text, and gives its number, above zero.
 */
export function writeChoice<T>(
  cells: ChoiceCells,
  texts: string[],
  values: T[],
  write: (text: string, value: T) => number,
): number {
  return texts.length === 0 ? NO_TEXT : choose({ cells, texts, values, write }, 0, texts.length, 0);
}

interface Choosing<T> {
  readonly cells: ChoiceCells;
  readonly texts: string[];
  readonly values: T[];
  readonly write: (text: string, value: T) => number;
}

const SLASH = 47;
const QUESTION_MARK = 63;

/** Chooses among the texts from `start` to `end`, which have all the same characters in front of `from`. */
function choose<T>(choosing: Choosing<T>, start: number, end: number, from: number): number {
  const { cells, texts, values, write } = choosing;
  if (end - start === 1) {
    return -write(texts[start] as string, values[start] as T);
  }
  const first = firstDifference(texts, start, end, from);
  const position = bestPosition(texts, start, end, first);
  sortBy(position, texts, values, start, end);
  const lowest = codeAt(texts[start] as string, position);
  const highest = codeAt(texts[end - 1] as string, position);
  const cell = cells.length;
  cells.push(position, lowest, highest - lowest + 1);
  for (let code = lowest; code <= highest; code++) {
    cells.push(NO_TEXT);
  }
  let group = start;
  while (group < end) {
    const groupStart = group;
    const code = codeAt(texts[group] as string, position);
    while (group < end && codeAt(texts[group] as string, position) === code) {
      group++;
    }
    cells[cell + 3 + code - lowest] = choose(choosing, groupStart, group, first);
  }
  return cell;
}
/** A text that has ended goes on with a slash, or with the end of the path, which is as good. */
function codeAt(text: string, position: number): number {
  return position < text.length ? text.charCodeAt(position) : SLASH;
}

function firstDifference(texts: readonly string[], start: number, end: number, from: number): number {
  const one = texts[start] as string;
  for (let position = from; ; position++) {
    const code = codeAt(one, position);
    for (let at = start + 1; at < end; at++) {
      if (codeAt(texts[at] as string, position) !== code) {
        return position;
      }
    }
  }
}

/** Where the texts have most different characters; behind the end of the shortest there is nothing to compare. */
function bestPosition(texts: readonly string[], start: number, end: number, first: number): number {
  let shortest = Number.MAX_SAFE_INTEGER;
  for (let at = start; at < end; at++) {
    shortest = Math.min(shortest, (texts[at] as string).length);
  }
  let best = first;
  let most = 0;
  for (let position = first; position <= shortest && most < end - start; position++) {
    const count = countDifferent(texts, start, end, position);
    if (count > most) {
      most = count;
      best = position;
    }
  }
  return best;
}

/** For each character, the last count that has met it: a large tree is counted many times. */
const countedIn = new Uint32Array(128);
let counts = 0;

function countDifferent(texts: readonly string[], start: number, end: number, position: number): number {
  counts++;
  let different = 0;
  for (let at = start; at < end; at++) {
    const code = codeAt(texts[at] as string, position);
    if (countedIn[code] !== counts) {
      countedIn[code] = counts;
      different++;
    }
  }
  return different;
}

/** For each character, where the next text that has it goes. */
const places = new Uint32Array(129);

/** Sorts by the character at `position`: counts them, and gives each its places. */
function sortBy<T>(position: number, texts: string[], values: T[], start: number, end: number): void {
  const oldTexts = texts.slice(start, end);
  const oldValues = values.slice(start, end);
  places.fill(0);
  for (let at = 0; at < oldTexts.length; at++) {
    (places[codeAt(oldTexts[at] as string, position) + 1] as number)++;
  }
  places[0] = start;
  for (let code = 1; code < places.length; code++) {
    places[code] = (places[code] as number) + (places[code - 1] as number);
  }
  for (let at = 0; at < oldTexts.length; at++) {
    const text = oldTexts[at] as string;
    const place = (places[codeAt(text, position)] as number)++;
    texts[place] = text;
    values[place] = oldValues[at] as T;
  }
}
