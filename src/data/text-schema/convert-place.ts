import { toBoolean, toNumber } from "./convert-text.ts";
import { type Items, itemAt, type Place, type Taken } from "./place.ts";

/** Makes of the text, or the array of texts, of one name what its place takes; else it stays what it is. */
export type Convert = (value: unknown) => unknown;

/** The conversion for a place; `null` for one that takes what it is given. */
export function conversionFor(place: Place): Convert | null {
  const { items } = place;
  if (!converts(place) && (items === null || (place.strings === true && !itemsConvert(items)))) {
    return null;
  }
  const isArrayOnly = isNone(place.strings) && isNone(place.numbers) && isNone(place.booleans);
  const convertItems = items !== null && itemsConvert(items);
  return (value) => {
    if (Array.isArray(value)) {
      return convertItems ? value.map((each, index) => scalarOr(each, itemAt(items, index))) : value;
    }
    const scalar = typeof value === "string" ? scalarOf(value, place) : undefined;
    if (scalar !== undefined || items === null) {
      return scalar ?? value;
    }
    // One value is an array of one: a name that is repeated elsewhere may occur once.
    const item = typeof value === "string" ? scalarOf(value, itemAt(items, 0)) : undefined;
    return isArrayOnly || item !== undefined ? [item ?? value] : value;
  };
}

/** Whether a place can take a value, as the text or as what this stands for. Of files nothing is said. */
export function canBe(value: unknown, place: Place): boolean {
  return typeof value !== "string" || place.items !== null || scalarOf(value, place) !== undefined;
}

/** What a text is at a place; `undefined` when it is nothing there. */
function scalarOf(text: string, { strings, numbers, booleans }: Place): unknown {
  if (takes(strings, text)) {
    return text;
  }
  const number = isNone(numbers) ? text : toNumber(text);
  if (typeof number === "number" && takes(numbers, number)) {
    return number;
  }
  const boolean = isNone(booleans) ? text : toBoolean(text);
  return typeof boolean === "boolean" && takes(booleans, boolean) ? boolean : undefined;
}

function scalarOr(value: unknown, place: Place): unknown {
  return typeof value === "string" ? (scalarOf(value, place) ?? value) : value;
}

/** Whether a text may become something else. */
function converts({ strings, numbers, booleans }: Place): boolean {
  return strings !== true && !(isNone(numbers) && isNone(booleans));
}

function itemsConvert({ first, others }: Items): boolean {
  return [...first, others].some(converts);
}

function takes<T>(taken: Taken<T>, value: T): boolean {
  return taken === true || taken.includes(value);
}

function isNone(taken: Taken<unknown>): boolean {
  return taken !== true && taken.length === 0;
}
