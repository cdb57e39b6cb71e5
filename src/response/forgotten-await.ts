import { isPromiseLike } from "../common/maybe-promise.ts";
import { pathOfSteps, stepInto } from "./json-path.ts";
import { JsonValueError } from "./json-value-error.ts";

/** How many values are looked at, of whatever kind: those in front, level by level. */
const MOST_VALUES = 200;

interface Place {
  readonly value: object;
  readonly steps: string;
}

/**
 * The error for a promise in what has become JSON, where `JSON.stringify` leaves `{}` of it: only what holds that text is
 * looked through, and not far, since most of it is meant.
 */
export function forgottenAwait(root: unknown): JsonValueError | undefined {
  try {
    return findPromise(root);
  } catch {
    // A getter that has changed its mind since. What was sent holds.
    return undefined;
  }
}

function findPromise(root: unknown): JsonValueError | undefined {
  if (!isLookedInto(root)) {
    return undefined;
  }
  if (isPromiseLike(root)) {
    ignoreFailure(root);
    return promiseAt("");
  }
  let left = MOST_VALUES;
  let found: JsonValueError | undefined;
  const places: Place[] = [{ value: root, steps: "" }];
  // Grows while it is gone through.
  for (const { value, steps } of places) {
    // The keys of an array are as many as its items, and would all be made into texts.
    const keys = Array.isArray(value) ? null : Object.keys(value);
    const count = keys === null ? (value as unknown[]).length : keys.length;
    for (let at = 0; at < count; at++) {
      if (left === 0 && found === undefined) {
        return undefined;
      }
      // One that is found is a mistake, whose other promises are as forgotten: there may be one for each item of a list.
      left -= found === undefined ? 1 : 0;
      const key = keys === null ? String(at) : (keys[at] as string);
      const inner = (value as Record<string, unknown>)[key];
      if (isLookedInto(inner)) {
        const innerSteps = `${steps}${stepInto(value, key)}`;
        if (isPromiseLike(inner) && isEmptyInJson(inner)) {
          ignoreFailure(inner);
          found ??= promiseAt(innerSteps);
          continue;
        }
        places.push({ value: inner, steps: innerSteps });
      }
    }
  }
  return found;
}

/** Nobody else waits for it, and its rejection would end the process. What runs only when it is asked stays alone. */
function ignoreFailure(promise: object): void {
  if (promise instanceof Promise) {
    promise.catch(() => {});
  }
}

function promiseAt(steps: string): JsonValueError {
  return new JsonValueError(
    pathOfSteps(steps),
    "is a promise, of which JSON leaves {}: await it first, and several of them with Promise.all.",
  );
}

/** What is sent of something with `toJSON()` is what that has made, and not what the object holds. */
function isLookedInto(value: unknown): value is object {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as { toJSON?: unknown }).toJSON !== "function"
  );
}

/** Among other data something that has a `then` may be meant, if anything is left of it: a rule, or a step. */
function isEmptyInJson(value: object): boolean {
  return Object.values(value).every((each) => LEFT_OUT.includes(typeof each));
}

const LEFT_OUT: readonly string[] = ["undefined", "function", "symbol"];
