import { ANYTHING, type Combine, type Place } from "./place.ts";

/** What an object may have under its names. */
export interface Shape {
  readonly named: ReadonlyMap<string, Place>;
  /** Under all others; `null` when nothing is said of them: they are left out, refused or of no interest. */
  readonly others: Place | null;
}

export const UNKNOWN_SHAPE: Shape = { named: new Map(), others: ANYTHING };

/** A shape out of two, of which either one holds or both do. */
export function combinedShape(one: Shape, other: Shape, combine: Combine): Shape {
  const names = new Set([...one.named.keys(), ...other.named.keys()]);
  const named = [...names].map((name): [string, Place] => {
    const ofOne = one.named.get(name) ?? one.others;
    const ofOther = other.named.get(name) ?? other.others;
    return [name, combinedPlace(ofOne, ofOther, combine) as Place];
  });
  return { named: new Map(named), others: combinedPlace(one.others, other.others, combine) };
}

function combinedPlace(one: Place | null, other: Place | null, combine: Combine): Place | null {
  return one === null || other === null ? (one ?? other) : combine(one, other);
}
