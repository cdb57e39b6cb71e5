/** RFC 9110 §5.6.2: the characters of a field name. */
const FIELD_NAME = /^[!#$%&'*+\-.^_`|~\dA-Za-z]+$/;
/** RFC 9110 §5.5: a value holds no control characters (CR and LF split responses), and each character fits a byte. */
const BAD_VALUE = /[^\t -~\x80-\xff]/;

/** Anything that the web accepts as headers, spelled out so that no DOM typings are needed. */
export type HeadersInput = Headers | Iterable<readonly [string, string]> | Readonly<Record<string, string>>;

// TypeScript 5 with `DOM` in `lib`, but without `DOM.Iterable`, knows no iterators of headers: `Headers["entries"]` would be an
// error in our declarations there.
type Pairs = Headers extends { entries(): infer Iterator } ? Iterator : IterableIterator<[string, string]>;
type Texts = Headers extends { keys(): infer Iterator } ? Iterator : IterableIterator<string>;

/**
 * The web-standard `Headers`, kept as the flat list `[name, value, …]` that Node writes as it is.
 *
 * Building the platform's own `Headers` costs about a microsecond; this costs what is used of it.
 * Names are kept in lower case. Source: Fetch Standard §5.1.
 */
export class LightHeaders implements Headers {
  /** Private, as loggers write whatever is enumerable: `Authorization` would be in the clear. JSON has `{}`, as of the platform's. */
  readonly #list: string[];

  constructor(list: string[] = []) {
    this.#list = list;
  }

  /** Names (lower case) and values in turn. Shared with the writer: change it through the methods. */
  get list(): string[] {
    return this.#list;
  }

  /** Copies anything that the web accepts as headers. */
  static from(init: HeadersInput | undefined): LightHeaders {
    const headers = new LightHeaders();
    if (init instanceof LightHeaders) {
      headers.#list.push(...init.#list);
    } else if (init !== undefined) {
      const pairs = isIterable(init) ? init : Object.entries(init);
      for (const [name, value] of pairs as Iterable<[string, string]>) {
        headers.append(name, value);
      }
    }
    return headers;
  }

  append(name: string, value: string): void {
    this.#list.push(checkedName(name), checkedValue(name, value));
  }

  delete(name: string): void {
    const key = checkedName(name);
    const list = this.#list;
    let kept = 0;
    for (let index = 0; index < list.length; index += 2) {
      if (list[index] !== key) {
        list[kept] = list[index] as string;
        list[kept + 1] = list[index + 1] as string;
        kept += 2;
      }
    }
    list.length = kept;
  }

  get(name: string): string | null {
    const key = name.toLowerCase();
    let found: string | null = null;
    for (let index = 0; index < this.#list.length; index += 2) {
      if (this.#list[index] === key) {
        const value = this.#list[index + 1] as string;
        found = found === null ? value : `${found}, ${value}`;
      }
    }
    return found ?? absent(name, null);
  }

  getSetCookie(): string[] {
    return this.#list.filter((_, index) => index % 2 === 1 && this.#list[index - 1] === "set-cookie");
  }

  has(name: string): boolean {
    const key = name.toLowerCase();
    for (let index = 0; index < this.#list.length; index += 2) {
      if (this.#list[index] === key) {
        return true;
      }
    }
    return absent(name, false);
  }

  set(name: string, value: string): void {
    const key = checkedName(name);
    const text = checkedValue(name, value);
    for (let index = 0; index < this.#list.length; index += 2) {
      if (this.#list[index] === key) {
        this.delete(key);
        break;
      }
    }
    this.#list.push(key, text);
  }

  forEach(callback: (value: string, key: string, parent: Headers) => void, thisArg?: unknown): void {
    for (const [name, value] of this.entries()) {
      callback.call(thisArg, value, name, this);
    }
  }

  /** Sorted by name, values of one name joined, cookies one by one: Fetch Standard, "sort and combine". */
  entries(): Pairs {
    return this.#sorted() as Pairs;
  }

  *#sorted(): Generator<[string, string], undefined, undefined> {
    const names = new Set(this.#list.filter((_, index) => index % 2 === 0));
    for (const name of [...names].sort()) {
      if (name === "set-cookie") {
        for (const cookie of this.getSetCookie()) {
          yield [name, cookie];
        }
      } else {
        const value = this.get(name);
        // Whoever iterates may have deleted it in the meantime.
        if (value !== null) {
          yield [name, value];
        }
      }
    }
  }

  keys(): Texts {
    return this.#parts(0) as Texts;
  }

  values(): Texts {
    return this.#parts(1) as Texts;
  }

  [Symbol.iterator](): Pairs {
    return this.entries();
  }

  *#parts(index: 0 | 1): Generator<string, undefined, undefined> {
    for (const entry of this.entries()) {
      yield entry[index];
    }
  }

  get [Symbol.toStringTag](): string {
    return "Headers";
  }
}

function isIterable(value: object): boolean {
  return Symbol.iterator in value;
}

/** What there is to say of a name that was not found: a malformed one is never found, so only then it is looked at. */
function absent<T>(name: string, answer: T): T {
  checkedName(name);
  return answer;
}

function checkedName(name: string): string {
  const text = String(name);
  if (!FIELD_NAME.test(text)) {
    throw new TypeError(`Invalid header name ${JSON.stringify(text)}: a name is a token (RFC 9110 §5.6.2).`);
  }
  return text.toLowerCase();
}

function checkedValue(name: string, value: string): string {
  const text = trimmed(String(value));
  if (BAD_VALUE.test(text)) {
    throw new TypeError(
      `Invalid value for the header "${name}": no line breaks, NUL or characters beyond U+00FF. Encode it first.`,
    );
  }
  return text;
}

/** Without outer whitespace. By hand: a regex anchored at the end takes quadratic time on a run of spaces. */
function trimmed(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isWhitespace(text.charCodeAt(start))) {
    start++;
  }
  while (end > start && isWhitespace(text.charCodeAt(end - 1))) {
    end--;
  }
  return start === 0 && end === text.length ? text : text.slice(start, end);
}

/** HTTP whitespace as the Fetch Standard has it: tab, line feed, carriage return, space. */
function isWhitespace(code: number): boolean {
  return code === 32 || code === 9 || code === 10 || code === 13;
}
