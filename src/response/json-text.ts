import { isPromiseLike } from "../common/maybe-promise.ts";
import { pathOfSteps, stepInto } from "./json-path.ts";
import { JsonValueError } from "./json-value-error.ts";
import { lostInJson } from "./lost-in-json.ts";

/**
 * `JSON.stringify`, for what is sent.
 *
 * Throws a `JsonValueError` (`ARGANIA_JSON_VALUE`) that says where JSON ends, or where a promise or a `Map` is, of which it
 * leaves `{}`, and as it is what a getter or a `toJSON()` throws.
 */
export function jsonText(value: unknown): string | undefined {
  const text = stringified(value);
  // What is left of a promise or a Map, as of any object without fields. A query that runs when it is awaited has fields.
  if (text?.includes("{}") === true || isPromiseLike(value)) {
    const mistake = lostInJson(value);
    if (mistake !== undefined) {
      throw mistake;
    }
  }
  return text;
}

function stringified(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch (error) {
    throw whereJsonEnds(value, error) ?? error;
  }
}

/** Looked for only when it has failed, so that what holds costs nothing; and not for ever. */
const MOST_VALUES = 100_000;

/** Ends the search, and is told apart from whatever a getter throws. */
class Found {
  readonly error: JsonValueError | undefined;

  constructor(error?: JsonValueError) {
    this.error = error;
  }
}

/** An object on the way to the value at hand, and the name under which it is in the one before. */
interface Step {
  readonly object: object;
  readonly name: string;
}

/** Goes through what `JSON.stringify` goes through, in its order, and after each `toJSON()`. */
function whereJsonEnds(root: unknown, cause: unknown): JsonValueError | undefined {
  const way: Step[] = [];
  let left = MOST_VALUES;
  function look(this: object, key: string, value: unknown): unknown {
    // The first holder is one that JSON.stringify makes.
    while (way.length > 0 && way.at(-1)?.object !== this) {
      way.pop();
    }
    left -= 1;
    if (left < 0) {
      throw new Found();
    }
    const name = way.length === 0 ? "" : stepInto(this, key);
    if (typeof value === "bigint") {
      const problem = "is a BigInt, which JSON has no form for: write String(value), or Number(value).";
      throw new Found(new JsonValueError(pathOf(way, name), problem, { cause }));
    }
    if (typeof value === "object" && value !== null) {
      const above = way.findIndex(({ object }) => object === value);
      if (above !== -1) {
        const outer = pathOf(way.slice(0, above + 1), "");
        const problem = `is ${outer === "" ? "that itself" : `"${outer}"`} again, and so circular: leave it out, or send its id.`;
        throw new Found(new JsonValueError(pathOf(way, name), problem, { cause }));
      }
      way.push({ object: value, name });
    }
    return value;
  }
  try {
    JSON.stringify(root, look);
  } catch (found) {
    return found instanceof Found ? found.error : undefined;
  }
  return undefined;
}

function pathOf(way: readonly Step[], name: string): string {
  return pathOfSteps(`${way.map((step) => step.name).join("")}${name}`);
}
