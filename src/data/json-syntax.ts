const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const ESCAPE = /["\\/bfnrt]|u[\dA-Fa-f]{4}/y;

/**
 * Where a text stops being JSON (RFC 8259), as an index; its length when it ends too early, -1 when it is JSON.
 *
 * What engines say of it differs from release to release, may lack the position and quotes the text. Only a text that
 * an engine has refused comes here. Nested texts take no stack.
 */
export function findJsonError(text: string): number {
  /** What ends the objects and arrays around the current place. */
  const closers: number[] = [];
  let index = skipBlank(text, 0);
  for (;;) {
    const first = text.charCodeAt(index);
    let isValueOver = true;
    if (first === OPEN_BRACE || first === OPEN_BRACKET) {
      const closer = first === OPEN_BRACE ? CLOSE_BRACE : CLOSE_BRACKET;
      index = skipBlank(text, index + 1);
      isValueOver = text.charCodeAt(index) === closer;
      if (isValueOver) {
        index++;
      } else {
        closers.push(closer);
      }
    } else {
      const end = first === QUOTE ? skipString(text, index) : skip(SCALAR, text, index);
      if (end <= index) {
        return end < 0 ? -end : index;
      }
      index = end;
    }
    if (isValueOver) {
      index = skipBlank(text, index);
      while (closers.length > 0 && text.charCodeAt(index) === closers[closers.length - 1]) {
        closers.pop();
        index = skipBlank(text, index + 1);
      }
      if (closers.length === 0) {
        return index === text.length ? -1 : index;
      }
      if (text.charCodeAt(index) !== COMMA) {
        return index;
      }
      index = skipBlank(text, index + 1);
    }
    if (closers[closers.length - 1] === CLOSE_BRACE) {
      const value = skipName(text, index);
      if (value < 0) {
        return -value;
      }
      index = value;
    }
  }
}

/** Behind a name, its colon and what is blank; where that is not what stands there, as a negative number. */
function skipName(text: string, index: number): number {
  const end = text.charCodeAt(index) === QUOTE ? skipString(text, index) : -index;
  if (end < 0) {
    return end;
  }
  const colon = skipBlank(text, end);
  return text.charCodeAt(colon) === COLON ? skipBlank(text, colon + 1) : -colon;
}

/** Behind the string that begins at `index`; where it is malformed, as a negative number. */
function skipString(text: string, index: number): number {
  for (let at = index + 1; at < text.length; ) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      return at + 1;
    }
    if (code < 0x20) {
      return -at;
    }
    if (code === BACKSLASH) {
      const end = skip(ESCAPE, text, at + 1);
      if (end === at + 1) {
        return -at;
      }
      at = end;
    } else {
      at++;
    }
  }
  return -text.length;
}

/** Behind spaces, tabs and line ends. */
function skipBlank(text: string, index: number): number {
  for (let at = index; ; at++) {
    const code = text.charCodeAt(at);
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) {
      return at;
    }
  }
}

/** Behind what a sticky pattern matches at `index`; `index` itself when that is nothing. */
function skip(pattern: RegExp, text: string, index: number): number {
  pattern.lastIndex = index;
  return pattern.test(text) ? pattern.lastIndex : index;
}
