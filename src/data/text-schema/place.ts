/** All values of a type, or those that are listed; an empty list is none. */
export type Taken<T> = true | readonly T[];

/** What can be at one place of a schema's input, as far as texts can stand for it. */
export interface Place {
  readonly strings: Taken<string>;
  readonly numbers: Taken<number>;
  readonly booleans: Taken<boolean>;
  /** What arrays have inside; `null` when no array can be there. Texts have no arrays in arrays. */
  readonly items: Items | null;
}

export interface Items {
  /** Of a tuple, by index. */
  readonly first: readonly Place[];
  readonly others: Place;
}

export const NOTHING: Place = { strings: [], numbers: [], booleans: [], items: null };
const ANY_SCALAR: Place = { strings: true, numbers: true, booleans: true, items: null };
/** What nothing is known of, so that texts stay texts. */
export const ANYTHING: Place = { ...ANY_SCALAR, items: { first: [], others: ANY_SCALAR } };

export type Combine = (one: Place, other: Place) => Place;

/** What one place or the other takes. */
export const either: Combine = (one, other) => ({
  strings: eitherOf(one.strings, other.strings),
  numbers: eitherOf(one.numbers, other.numbers),
  booleans: eitherOf(one.booleans, other.booleans),
  items:
    one.items === null || other.items === null
      ? (one.items ?? other.items)
      : combined(one.items, other.items, either),
});

/** What both places take. */
export const both: Combine = (one, other) => ({
  strings: bothOf(one.strings, other.strings),
  numbers: bothOf(one.numbers, other.numbers),
  booleans: bothOf(one.booleans, other.booleans),
  items: one.items === null || other.items === null ? null : combined(one.items, other.items, both),
});

export function itemAt({ first, others }: Items, index: number): Place {
  return first[index] ?? others;
}

function eitherOf<T>(one: Taken<T>, other: Taken<T>): Taken<T> {
  return one === true || other === true ? true : [...one, ...other];
}

function bothOf<T>(one: Taken<T>, other: Taken<T>): Taken<T> {
  if (one === true || other === true) {
    return one === true ? other : one;
  }
  return one.filter((value) => other.includes(value));
}

function combined(one: Items, other: Items, combine: Combine): Items {
  const longer = one.first.length > other.first.length ? one : other;
  return {
    first: longer.first.map((_, index) => combine(itemAt(one, index), itemAt(other, index))),
    others: combine(one.others, other.others),
  };
}
