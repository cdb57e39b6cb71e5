/**
 * Which of a set of texts stands at a place in a path: a character tells them apart, then one of them is left.
 *
 * Nothing is cut out and hashed for it, as a `Map` would need it: new strings have no hash yet, and computing one costs
 * more than all of this. What is found is only the text that it could be; the caller compares it as a whole.
 */
export class TextChoice<T> {
  /** Where the character that decides stands, from the beginning of the text; `DECIDED` when one text is left. */
  declare readonly position: number;
  /** By that character, from `lowest` on. */
  declare readonly next: readonly (TextChoice<T> | null)[];
  declare readonly lowest: number;
  declare readonly text: string;
  declare readonly value: T | null;

  constructor(
    position: number,
    lowest: number,
    next: readonly (TextChoice<T> | null)[],
    text: string,
    value: T | null,
  ) {
    this.position = position;
    this.lowest = lowest;
    this.next = next;
    this.text = text;
    this.value = value;
  }

  /**
   * The texts, of ASCII characters, that a path may go on with at some place. One may contain slashes, but none goes on
   * where another has ended. Each has its value at the same place in `values`; both lists are put into another order.
   */
  static among<T>(texts: string[], values: T[]): TextChoice<T> | null {
    return texts.length === 0 ? null : choose(texts, values, 0, texts.length, 0);
  }

  /** The only text that may stand at `start`, with its value; it may be another one that stands there. */
  at(path: string, start: number): TextChoice<T> | null {
    let choice: TextChoice<T> = this;
    while (choice.position !== DECIDED) {
      const at = start + choice.position;
      const code = at < path.length ? path.charCodeAt(at) : SLASH;
      const index = (code === QUESTION_MARK ? SLASH : code) - choice.lowest;
      const next = index >= 0 && index < choice.next.length ? choice.next[index] : null;
      if (next === null) {
        return null;
      }
      choice = next as TextChoice<T>;
    }
    return choice;
  }
}

const DECIDED = -1;
const SLASH = 47;
const QUESTION_MARK = 63;
const NOTHING_NEXT: readonly never[] = Object.freeze([]);

/** Chooses among the texts from `start` to `end`, which have all the same characters in front of `from`. */
function choose<T>(texts: string[], values: T[], start: number, end: number, from: number): TextChoice<T> {
  if (end - start === 1) {
    return new TextChoice<T>(DECIDED, 0, NOTHING_NEXT, texts[start] as string, values[start] as T);
  }
  const first = firstDifference(texts, start, end, from);
  const position = bestPosition(texts, start, end, first);
  sortBy(position, texts, values, start, end);
  const lowest = codeAt(texts[start] as string, position);
  const highest = codeAt(texts[end - 1] as string, position);
  const next: (TextChoice<T> | null)[] = [];
  let group = start;
  for (let code = lowest; code <= highest; code++) {
    const groupStart = group;
    while (group < end && codeAt(texts[group] as string, position) === code) {
      group++;
    }
    next.push(group === groupStart ? null : choose(texts, values, groupStart, group, first));
  }
  return new TextChoice<T>(position, lowest, next, "", null);
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
