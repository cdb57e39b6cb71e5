import { isPlain } from "../common/is-plain.ts";
import { isPromiseLike } from "../common/maybe-promise.ts";
import { ignorePromises } from "./ignore-promises.ts";
import { adviceForKind } from "./json-kinds.ts";
import { pathOfSteps, stepInto } from "./json-path.ts";
import { JsonValueError } from "./json-value-error.ts";

/** How many values are looked at, of whatever kind: those in front, level by level. */
const MOST_VALUES = 200;

/**
 * What an object of ours, of which JSON would leave nothing, has to be sent in its place says under this name. It is written
 * out there: a class with a computed name is one that no bundler leaves out.
 */
const JSON_ADVICE = "argania.jsonAdvice";

interface Place {
  readonly value: object;
  readonly steps: string;
  /** Not an instance of a class: what that keeps for itself, such as a Map that is its cache, is not meant for JSON. */
  readonly isData: boolean;
}

/**
 * The error for a promise in what has become JSON, a `Map`, or another of the kinds of which `JSON.stringify` leaves `{}`:
 * only what holds that text is looked through, and not far, since most of it is meant.
 */
export function lostInJson(root: unknown): JsonValueError | undefined {
  try {
    const found = findLost(root);
    if (found !== undefined) {
      ignorePromises(root);
    }
    return found;
  } catch {
    // A getter that has changed its mind since. What was sent holds.
    return undefined;
  }
}

function findLost(root: unknown): JsonValueError | undefined {
  if (!isObject(root)) {
    return undefined;
  }
  const problem =
    isLookedInto(root) && isPromiseLike(root) ? PROMISE : isData(root) ? undefined : lossOf(root, true);
  if (problem !== undefined) {
    return new JsonValueError("", problem);
  }
  if (!isLookedInto(root)) {
    return undefined;
  }
  let left = MOST_VALUES;
  const places: Place[] = [{ value: root, steps: "", isData: isData(root) }];
  // Grows while it is gone through.
  for (const { value, steps, isData: isOfData } of places) {
    // The keys of an array are as many as its items, and would all be made into texts.
    const keys = Array.isArray(value) ? null : Object.keys(value);
    const count = keys === null ? (value as unknown[]).length : keys.length;
    for (let at = 0; at < count; at++) {
      if (left === 0) {
        return undefined;
      }
      left -= 1;
      const key = keys === null ? String(at) : (keys[at] as string);
      const inner = (value as Record<string, unknown>)[key];
      if (isObject(inner)) {
        const innerSteps = `${steps}${stepInto(value, key)}`;
        const isInnerData = isData(inner);
        const isLooked = isLookedInto(inner);
        const innerProblem =
          isLooked && isPromiseLike(inner)
            ? promiseProblem(inner)
            : isOfData && !isInnerData
              ? lossOf(inner, false)
              : undefined;
        if (innerProblem !== undefined) {
          return new JsonValueError(pathOfSteps(innerSteps), innerProblem);
        }
        if (isLooked) {
          places.push({ value: inner, steps: innerSteps, isData: isInnerData });
        }
      }
    }
  }
  return undefined;
}

const PROMISE =
  "is a promise, of which JSON leaves {}: await it first, and several of them with Promise.all.";

/** Among other data something that has a `then` may be meant, if anything is left of it: a rule, or a step. */
function promiseProblem(value: object): string | undefined {
  return isEmptyInJson(value) ? PROMISE : undefined;
}

/**
 * An error counts only by itself: beside other fields, as with Promise.allSettled, those may say all that is meant, and
 * its message may be nothing for the client.
 */
function lossOf(value: object, isRoot: boolean): string | undefined {
  const own = (value as { readonly [JSON_ADVICE]?: unknown })[JSON_ADVICE];
  if (typeof own === "string") {
    return own;
  }
  if (!isLookedInto(value)) {
    return undefined;
  }
  if (isRoot && value instanceof Error && isEmptyInJson(value)) {
    return "is an error, of which JSON leaves {}: throw it, or write { error: error.message } of what the client may know.";
  }
  return adviceForKind(value, isEmptyInJson);
}

function isData(value: object): boolean {
  return Array.isArray(value) || isPlain(value);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** What is sent of something with `toJSON()` is what that has made, and not what the object holds. */
function isLookedInto(value: object): boolean {
  return typeof (value as { toJSON?: unknown }).toJSON !== "function";
}

function isEmptyInJson(value: object): boolean {
  return Object.values(value).every((each) => LEFT_OUT.includes(typeof each));
}

const LEFT_OUT: readonly string[] = ["undefined", "function", "symbol"];
