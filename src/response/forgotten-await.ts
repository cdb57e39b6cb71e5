import { isPromiseLike } from "../common/maybe-promise.ts";
import { pathOfSteps, stepInto } from "./json-path.ts";
import { JsonValueError } from "./json-value-error.ts";

/** How many values are looked at: those in front, level by level. */
const MOST_VALUES = 200;

interface Place {
  readonly value: unknown;
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
  const places: Place[] = [{ value: root, steps: "" }];
  // Grows while it is gone through.
  for (const { value, steps } of places) {
    if (typeof value !== "object" || value === null || hasToJson(value)) {
      continue;
    }
    if (isPromiseLike(value)) {
      return new JsonValueError(
        pathOfSteps(steps),
        "is a promise, of which JSON leaves {}: await it first, and several of them with Promise.all.",
      );
    }
    for (const key of Object.keys(value)) {
      if (places.length === MOST_VALUES) {
        break;
      }
      const inner = (value as Record<string, unknown>)[key];
      if (typeof inner === "object" && inner !== null) {
        places.push({ value: inner, steps: `${steps}${stepInto(value, key)}` });
      }
    }
  }
  return undefined;
}

/** What is sent is what that has made, and not what the object holds. */
function hasToJson(value: object): boolean {
  return typeof (value as { toJSON?: unknown }).toJSON === "function";
}
