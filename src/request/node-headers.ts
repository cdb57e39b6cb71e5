/**
 * The value of a header in Node's list of names and values as they came, several joined as Node joins them;
 * `undefined` when there is none. Node's own `headers` is made of the whole list when it is asked for the first time.
 *
 * @param name in lower case
 */
export function rawHeader(rawHeaders: readonly string[], name: string): string | undefined {
  let found: string | undefined;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const rawName = rawHeaders[index] as string;
    if (rawName.length === name.length && (rawName === name || rawName.toLowerCase() === name)) {
      const value = rawHeaders[index + 1] as string;
      found = found === undefined ? value : `${found}${name === "cookie" ? "; " : ", "}${value}`;
    }
  }
  return found;
}
