import type { SetCookie } from "./set-cookie.ts";

/** What is to be sent of a jar. */
export class CookieChanges {
  /** By name: the value, or `undefined` for what was removed. */
  readonly values: Map<string, string | undefined> = new Map();
  /** Whether a response has all of them. */
  isSent = false;
  /** The headers to send, by the identity of their cookies. */
  readonly #lines = new Map<string, string>();
  /** Headers that later changes replaced: a response may have them already. */
  readonly #replaced = new Set<string>();

  add(name: string, value: string | undefined, { identity, line }: SetCookie): void {
    const before = this.#lines.get(identity);
    if (before !== undefined) {
      this.#replaced.add(before);
    }
    this.#lines.set(identity, line);
    this.isSent = false;
    this.values.set(name, value);
  }

  /** Brings headers up to date, whatever of an earlier state they have. */
  appendTo(headers: Headers): void {
    this.isSent = true;
    if (this.#replaced.size > 0) {
      this.#deleteReplaced(headers);
    }
    const present = headers.has("set-cookie") ? headers.getSetCookie() : [];
    for (const line of this.#lines.values()) {
      if (!present.includes(line)) {
        headers.append("set-cookie", line);
      }
    }
  }

  #deleteReplaced(headers: Headers): void {
    const present = headers.getSetCookie();
    const kept = present.filter((line) => !this.#replaced.has(line));
    if (kept.length < present.length) {
      headers.delete("set-cookie");
      for (const line of kept) {
        headers.append("set-cookie", line);
      }
    }
  }
}
