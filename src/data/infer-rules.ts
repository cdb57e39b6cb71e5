import type {
  DateValue,
  EqualField,
  IsOptionalShorthand,
  NamedValue,
  ShorthandValue,
  Side,
} from "./infer-shorthand.ts";
import type { Rule } from "./rule-types.ts";

/**
 * The type of what rules of fastest-validator let through, as a handler gets it: with defaults, converted.
 *
 * Rules that are written where they are used need nothing else; those in a constant of their own need `as const`.
 *
 * @example
 * ```ts
 * const user = { name: "string|min:3", role: { type: "enum", values: ["admin", "guest"], default: "guest" }, age: "number|optional" } as const;
 * type User = InferRules<typeof user>; // { name: string; role: "admin" | "guest"; age?: number }
 * ```
 */
export type InferRules<R> = 0 extends 1 & R ? unknown : RootValue<R, "out">;

/** The type of what may be given to be checked: what has a default may be missing, a date may be a text. */
export type InferRulesInput<R> = 0 extends 1 & R ? unknown : RootValue<R, "in">;

// `any`, which the compiler puts for type parameters when it compares signatures, would have it look for ever.

type RootValue<R, S extends Side> = R extends readonly unknown[]
  ? Value<R, S>
  : R extends { readonly $$root: true }
    ? Value<R, S> | (IsOptional<R, S> extends true ? undefined : never)
    : Shape<R, S>;

type Value<R, S extends Side> = R extends string
  ? ShorthandValue<R, S>
  : R extends readonly unknown[]
    ? readonly Rule[] extends R
      ? unknown
      : Value<R[number], S>
    : R extends { readonly $$type: infer Type extends string }
      ? Shape<R, S> | (null extends ShorthandValue<Type, S> ? null : never)
      : R extends { readonly type: infer Type }
        ? CheckedValue<R, TypedValue<R, Type, S>> | (R extends { readonly nullable: true } ? null : never)
        : unknown;

/** What a rule with its options written out lets through, for the types whose options say more than their name. */
type TypedValue<R, Type, S extends Side> = Type extends "string"
  ? R extends { readonly enum: readonly (infer Member)[] }
    ? Member
    : string
  : Type extends "object"
    ? R extends { readonly props: infer Props } | { readonly properties: infer Props }
      ? Shape<Props, S>
      : Record<string, unknown>
    : Type extends "array"
      ? ArrayValue<R, S>
      : Type extends "enum"
        ? R extends { readonly values: readonly (infer Member)[] }
          ? Member
          : unknown
        : Type extends "date"
          ? DateValue<S>
          : Type extends keyof RareValues<R, S>
            ? RareValues<R, S>[Type]
            : NamedValue<Type, S>;

interface RareValues<R, S extends Side> {
  equal: R extends { readonly value: infer Expected } ? Expected : unknown;
  multi: R extends { readonly rules: readonly (infer Alternative)[] } ? Value<Alternative, S> : unknown;
  record: Record<string, R extends { readonly value: infer Of } ? Value<Of, S> : unknown>;
  tuple: R extends { readonly items: infer Items extends readonly unknown[] }
    ?
        | { -readonly [Index in keyof Items]: Value<Items[Index], S> }
        | (R extends { readonly empty: true } ? [] : never)
    : unknown[];
  class: R extends { readonly instanceOf: abstract new (...args: never) => infer Instance }
    ? Instance
    : unknown;
  objectID: R extends { readonly convert: "hexString" }
    ? string
    : R extends { readonly convert: true; readonly ObjectID: abstract new (...args: never) => infer Instance }
      ? Instance
      : unknown;
  custom: R extends { readonly check: (...args: never) => infer Result }
    ? Returned<Result, unknown>
    : unknown;
}

type ArrayValue<R, S extends Side> = R extends { readonly items: infer Items }
  ? Value<Items, S>[]
  : R extends { readonly enum: readonly (infer Member)[] }
    ? Member[]
    : unknown[];

/** Each checker gets what the one before it has returned. One that is named changes no type. */
type CheckedValue<R, Unchecked> = R extends { readonly custom: infer Checkers }
  ? Checkers extends readonly unknown[]
    ? CheckedByAll<Checkers, Unchecked>
    : CheckedBy<Checkers, Unchecked>
  : Unchecked;

type CheckedByAll<Checkers extends readonly unknown[], Unchecked> = Checkers extends readonly [
  infer First,
  ...infer Others,
]
  ? CheckedByAll<Others, CheckedBy<First, Unchecked>>
  : Checkers extends readonly []
    ? Unchecked
    : unknown;

type CheckedBy<Checker, Unchecked> = Checker extends (...args: never) => infer Result
  ? Returned<Result, Unchecked>
  : Unchecked;

/** A checker returns the value to go on with; one that returns nothing, or says nothing of it, changes no type. */
type Returned<Result, Unchecked> = unknown extends Result
  ? Unchecked
  : [Result] extends [never]
    ? Unchecked
    : ValueOr<Awaited<Result>, Unchecked>;

type ValueOr<Result, Unchecked> = Result extends undefined | void ? Unchecked : Result;

/** An object by its rules, those that may be missing with a question mark. */
type Shape<Of, S extends Side> = Flat<
  {
    -readonly [Name in keyof Of as Name extends `$$${string}`
      ? never
      : IsOptional<Of[Name], S> extends true
        ? never
        : Name]: Field<Of, Of[Name], S>;
  } & {
    -readonly [Name in keyof Of as Name extends `$$${string}`
      ? never
      : IsOptional<Of[Name], S> extends true
        ? Name
        : never]?: Field<Of, Of[Name], S>;
  }
>;

/** `{ type: "equal", field: "password" }` is what the field beside it is. */
type Field<Of, R, S extends Side> = R extends `equal|field:${string}`
  ? Value<Of[EqualField<R> & keyof Of], S>
  : R extends { readonly type: "equal"; readonly field: infer Name extends keyof Of }
    ? Value<Of[Name], S>
    : Value<R, S>;

type IsOptional<R, S extends Side> = R extends string
  ? IsOptionalShorthand<R, S>
  : R extends readonly unknown[]
    ? readonly Rule[] extends R
      ? false
      : [IsOptional<R[number], S>] extends [true]
        ? true
        : false
    : R extends { readonly $$type: infer Type extends string }
      ? IsOptionalShorthand<Type, S>
      : R extends { readonly default: NonNullable<unknown> }
        ? S extends "in"
          ? true
          : false
        : R extends { readonly optional: true } | { readonly type: "forbidden" }
          ? true
          : false;

/** One object type instead of two joined ones, for those who read it. */
type Flat<T> = { [Name in keyof T]: T[Name] } & {};
