/** Cookies by name, and nothing else: nothing is inherited. */
export type CookieValues = Readonly<Record<string, string | undefined>>;

const NONE: CookieValues = /* @__PURE__ */ Object.freeze(/* @__PURE__ */ Object.create(null));

/** Engines keep what a constructor makes in a faster form than what `Object.create(null)` gives. */
const Values = /* @__PURE__ */ constructorWithoutPrototype();

function constructorWithoutPrototype(): new () => Record<string, string> {
  const made = function Values() {};
  made.prototype = Object.create(null);
  return made as unknown as new () => Record<string, string>;
}

/**
 * The cookies of a `Cookie` header, as servers read them (RFC 6265 §5.4): what has no `=` or no name is nobody's, so that no
 * other cookie can be forged with it. Of a name that occurs twice the first one counts.
 */
export function readCookies(header: string | undefined): CookieValues {
  if (header === undefined) {
    return NONE;
  }
  const values = new Values();
  for (let start = 0, end = 0; start < header.length; start = end + 1) {
    const semicolon = header.indexOf(";", start);
    end = semicolon < 0 ? header.length : semicolon;
    const equals = header.indexOf("=", start);
    if (equals < 0) {
      break;
    }
    if (equals > end) {
      // Straight to the pair that it belongs to: a header of semicolons must not be searched from each of them.
      end = header.lastIndexOf(";", equals);
      continue;
    }
    const name = trimmed(header, start, equals);
    if (name !== "" && values[name] === undefined) {
      values[name] = decoded(trimmed(header, equals + 1, end));
    }
  }
  return values;
}

/** Without spaces and tabs around it, the only white space in a header (RFC 9110 §5.6.3). */
function trimmed(text: string, start: number, end: number): string {
  let from = start;
  let to = end;
  while (from < to && isBlank(text.charCodeAt(from))) {
    from++;
  }
  while (from < to && isBlank(text.charCodeAt(to - 1))) {
    to--;
  }
  return text.slice(from, to);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

/** Whoever wrote it may not have percent-encoded it. */
function decoded(value: string): string {
  if (!value.includes("%")) {
    return value;
  }
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
