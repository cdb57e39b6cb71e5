import { isPlainObject } from "./config-tree.ts";

/** No secret is shorter, and words of messages are. */
const SHORTEST = 4;
/** So much of a value gives it away, where a message has cut it short. */
const GIVEAWAY = 8;

/**
 * A message without the values that it is about: some libraries quote what they refuse ("received \"s3cret\""), and
 * what is refused may be a secret.
 */
export function hideValues(message: string, value: unknown): string {
  let hidden = message;
  // Long ones first: a short one may be part of them.
  for (const text of [...textsIn(value)].sort((one, other) => other.length - one.length)) {
    for (const form of new Set([text, JSON.stringify(text).slice(1, -1)])) {
      hidden = hidden.replaceAll(form, "…");
      const start = form.length > GIVEAWAY ? hidden.indexOf(form.slice(0, GIVEAWAY)) : -1;
      if (start >= 0) {
        hidden = `${hidden.slice(0, start)}…`;
      }
    }
  }
  return hidden;
}

function textsIn(value: unknown, texts: Set<string> = new Set()): Set<string> {
  if (Array.isArray(value) || isPlainObject(value)) {
    for (const inner of Object.values(value)) {
      textsIn(inner, texts);
    }
  } else if (value !== undefined && value !== null && typeof value !== "boolean") {
    const text = String(value);
    if (text.length >= SHORTEST) {
      texts.add(text);
    }
  }
  return texts;
}

/** The value at a path in dots, or the last one on the way to it: a message may be about what is around it. */
export function valueAt(root: unknown, path: string): unknown {
  let at = root;
  for (const name of path === "" ? [] : path.split(".")) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, name)) {
      return at;
    }
    at = (at as Record<string, unknown>)[name];
  }
  return at;
}
