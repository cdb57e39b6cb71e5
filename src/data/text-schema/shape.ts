import { ANYTHING, both, type Combine, either, type Place } from "./place.ts";

/** What an object may have under its names. */
export interface Shape {
  readonly named: ReadonlyMap<string, Place>;
  /** Under all others; `null` when these are left out or refused, and so of no interest. */
  readonly others: Place | null;
  /** The names that it has in any case. */
  readonly required: readonly string[];
  /** Of which it is one at least, where a schema has several for it; `null` where it has one. */
  readonly variants: readonly Shape[] | null;
}

export const UNKNOWN_SHAPE: Shape = { named: new Map(), others: ANYTHING, required: [], variants: null };

/** What holds for one of several shapes, whichever it is. */
export function eitherShape(shapes: readonly [Shape, ...Shape[]]): Shape {
  const [first, ...rest] = shapes;
  return rest.length === 0
    ? first
    : {
        ...rest.reduce((one, other) => combinedShape(one, other, either, []), first),
        variants: shapes,
      };
}

/** Both shapes at once. Only one of them keeps its variants: their pairs could be too many. */
export function bothShapes(one: Shape, other: Shape): Shape {
  const combined = combinedShape(one, other, both, [...one.required, ...other.required]);
  const [varied, limit] = one.variants === null ? [other, one] : [one, other];
  const variants = varied.variants?.map((each) => bothShapes(each, { ...limit, variants: null })) ?? null;
  return { ...combined, variants };
}

function combinedShape(one: Shape, other: Shape, combine: Combine, required: readonly string[]): Shape {
  const names = new Set([...one.named.keys(), ...other.named.keys()]);
  const named = [...names].map((name): [string, Place] => {
    const ofOne = one.named.get(name) ?? one.others;
    const ofOther = other.named.get(name) ?? other.others;
    return [name, combinedPlace(ofOne, ofOther, combine) as Place];
  });
  const others = combinedPlace(one.others, other.others, combine);
  return { named: new Map(named), others, required, variants: null };
}

function combinedPlace(one: Place | null, other: Place | null, combine: Combine): Place | null {
  return one === null || other === null ? (one ?? other) : combine(one, other);
}
