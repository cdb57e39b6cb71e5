/** More are not worth their memory, which is some hundred bytes each. */
const MOST = 4_096;
/** A wildcard in front of the files lets clients choose how long a path is. */
const LONGEST = 256;

/**
 * Which file a path of a request is for, as it was found before: neither segments are cut nor names checked again. Only
 * paths of files that there are get in here; when it is full, it begins anew.
 */
export class FoundNames {
  readonly #names = new Map<string, string>();

  get(path: string): string | undefined {
    return this.#names.get(path);
  }

  add(path: string, name: string): void {
    if (path.length > LONGEST) {
      return;
    }
    if (this.#names.size >= MOST) {
      this.#names.clear();
    }
    this.#names.set(path, name);
  }
}
