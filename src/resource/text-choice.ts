/**
 * Which of a set of texts stands at a place in a path: a character tells them apart, then one of them is left.
 *
 * Nothing is cut out and hashed for it, as a `Map` would need it: new strings have no hash yet, and computing one costs
 * more than all of this. What is found is only the text that it could be; the caller compares it as a whole.
 */
export class TextChoice<T> {
  /** Where the character that decides stands, from the beginning of the text; `DECIDED` when one text is left. */
  readonly position: number;
  /** By that character, from `lowest` on. */
  readonly next: readonly (TextChoice<T> | null)[];
  readonly lowest: number;
  readonly text: string;
  readonly value: T | null;

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
    Object.freeze(this);
  }

  /**
   * The texts, of ASCII characters, that a path may go on with at some place. One may contain slashes, but none goes on
   * where another has ended.
   */
  static among<T>(texts: ReadonlyMap<string, T>): TextChoice<T> | null {
    return texts.size === 0 ? null : choose([...texts]);
  }

  /** All texts with their values. */
  *entries(): Generator<readonly [text: string, value: T], void, undefined> {
    if (this.position === DECIDED) {
      yield [this.text, this.value as T];
    }
    for (const choice of this.next) {
      yield* choice?.entries() ?? [];
    }
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

type Entry<T> = readonly [text: string, value: T];

function choose<T>(entries: readonly Entry<T>[]): TextChoice<T> {
  const [first] = entries;
  if (entries.length === 1) {
    const [text, value] = first as Entry<T>;
    return new TextChoice<T>(DECIDED, 0, [], text, value);
  }
  const position = bestPosition(entries);
  const groups = new Map<number, Entry<T>[]>();
  for (const entry of entries) {
    const code = codeAt(entry[0], position);
    const group = groups.get(code);
    if (group === undefined) {
      groups.set(code, [entry]);
    } else {
      group.push(entry);
    }
  }
  const lowest = Math.min(...groups.keys());
  const next = new Array<TextChoice<T> | null>(Math.max(...groups.keys()) - lowest + 1).fill(null);
  for (const [code, group] of groups) {
    next[code - lowest] = choose(group);
  }
  return new TextChoice<T>(position, lowest, Object.freeze(next), "", null);
}

/** A text that has ended goes on with a slash, or with the end of the path, which is as good. */
function codeAt(text: string, position: number): number {
  return position < text.length ? text.charCodeAt(position) : SLASH;
}

/** Where the texts have most different characters; behind the end of the shortest there is nothing to compare. */
function bestPosition<T>(entries: readonly Entry<T>[]): number {
  let shortest = Number.MAX_SAFE_INTEGER;
  for (const [text] of entries) {
    shortest = Math.min(shortest, text.length);
  }
  let best = 0;
  let most = 0;
  for (let position = 0; position <= shortest && most < entries.length; position++) {
    const count = countDifferent(entries, position);
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

function countDifferent<T>(entries: readonly Entry<T>[], position: number): number {
  counts++;
  let different = 0;
  for (const [text] of entries) {
    const code = codeAt(text, position);
    if (countedIn[code] !== counts) {
      countedIn[code] = counts;
      different++;
    }
  }
  return different;
}
