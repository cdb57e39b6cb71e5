import { type Convert, canBe, conversionFor } from "./convert-place.ts";
import type { Shape } from "./shape.ts";

export type Values = Readonly<Record<string, unknown>>;
export type ConvertValues = (values: Values) => Values;

export const asTheyAre: ConvertValues = (values) => values;

/** The conversion of all that an object has. Where one variant of it is left, that one decides. */
export function conversionOf(shape: Shape): ConvertValues {
  const ofAny = conversionOfOne(shape);
  if (shape.variants === null) {
    return ofAny;
  }
  const variants = shape.variants.map((variant) => ({
    convert: conversionOf(variant),
    isPossible: possibilityOf(variant),
  }));
  return (values) => {
    const [one, another] = variants.filter(({ isPossible }) => isPossible(values));
    return one === undefined || another !== undefined ? ofAny(values) : one.convert(values);
  };
}

/** Whether values can be of a shape: nothing is missing, and no text is what it cannot take. */
function possibilityOf({ named, required }: Shape): (values: Values) => boolean {
  const places = [...named];
  return (values) =>
    required.every((name) => Object.hasOwn(values, name)) &&
    places.every(([name, place]) => !Object.hasOwn(values, name) || canBe(values[name], place));
}

function conversionOfOne(shape: Shape): ConvertValues {
  const named = [...shape.named].map(([name, place]) => [name, conversionFor(place)] as const);
  const conversions = named.filter((each): each is [string, Convert] => each[1] !== null);
  const forOthers = shape.others === null ? null : conversionFor(shape.others);
  if (forOthers !== null) {
    return allConversion(new Map(named), forOthers);
  }
  return conversions.length === 0 ? asTheyAre : namedConversion(conversions);
}

function namedConversion(conversions: readonly (readonly [string, Convert])[]): ConvertValues {
  return (values) => {
    let copy: Record<string, unknown> | undefined;
    for (const [name, convert] of conversions) {
      if (Object.hasOwn(values, name)) {
        const value = values[name];
        const converted = convert(value as Values);
        if (converted !== value) {
          copy ??= copyOf(values);
          copy[name] = converted;
        }
      }
    }
    return copy ?? values;
  };
}

/** For records, whose names are the client's. */
function allConversion(named: ReadonlyMap<string, Convert | null>, forOthers: Convert): ConvertValues {
  return (values) => {
    const copy = copyOf(values);
    for (const name of Object.keys(copy)) {
      const convert = named.has(name) ? named.get(name) : forOthers;
      copy[name] = convert == null ? copy[name] : convert(copy[name]);
    }
    return copy;
  };
}

/**
 * Values may be the request's own. What the copy inherits from has nothing, so that `__proto__` is a name like any other; engines are
 * slow with objects that inherit from null.
 */
function copyOf(values: Values): Record<string, unknown> {
  const copy = Object.create(EMPTY) as Record<string, unknown>;
  for (const name of Object.keys(values)) {
    copy[name] = values[name];
  }
  return copy;
}

const EMPTY: object = /* @__PURE__ */ Object.freeze(/* @__PURE__ */ Object.create(null));
