/** What is sent (`in`) and what the handler gets (`out`): they differ where there are defaults. */
export type Side = "in" | "out";

/** What each type of rule lets through by itself. */
export interface RuleValues {
  any: unknown;
  array: unknown[];
  boolean: boolean;
  class: unknown;
  currency: string;
  custom: unknown;
  date: Date;
  email: string;
  enum: unknown;
  equal: unknown;
  forbidden: undefined;
  function: (...args: never[]) => unknown;
  luhn: string;
  mac: string;
  multi: unknown;
  number: number;
  object: Record<string, unknown>;
  objectID: unknown;
  record: Record<string, unknown>;
  string: string;
  tuple: unknown[];
  url: string;
  uuid: string;
}

/** The value of a name of a type: `"string"`, `"string[]"`. A type that only a validator of one's own has is `unknown`. */
export type NamedValue<Name, S extends Side> = Name extends keyof RuleValues
  ? Name extends "date"
    ? DateValue<S>
    : RuleValues[Name]
  : Name extends `${infer Item}[]`
    ? NamedValue<Item, S>[]
    : unknown;

/** A date may be sent as a text, in RFC 3339. */
export type DateValue<S extends Side> = S extends "in" ? Date | string : Date;

/** The value of `"string|min:3|nullable"`. */
export type ShorthandValue<Text extends string, S extends Side> =
  WithoutSpaces<Text> extends `${infer Name}|${infer Flags}`
    ?
        | (Name extends "array" ? ItemsValue<Flags, S> : NamedValue<Name, S>)
        | (`|${Flags}|` extends Flagged<"nullable"> ? null : never)
    : NamedValue<WithoutSpaces<Text>, S>;

/** The value of `"array|items:number"`. */
type ItemsValue<
  Flags extends string,
  S extends Side,
> = `|${Flags}|` extends `${string}|items:${infer Item}|${string}` ? NamedValue<Item, S>[] : unknown[];

/** Which field `"equal|field:password|strict"` is about. */
export type EqualField<Text extends string> = Text extends `equal|field:${infer Name}|${string}`
  ? Name
  : Text extends `equal|field:${infer Name}`
    ? Name
    : never;

/** Whether `"string|optional"` may be missing. */
export type IsOptionalShorthand<Text extends string, S extends Side> =
  WithoutSpaces<Text> extends `${infer Name}|${infer Flags}`
    ? `${Flags}|` extends `default:${string}` | `${string}|default:${string}`
      ? S extends "in"
        ? true
        : false
      : Name extends "forbidden"
        ? true
        : `|${Flags}|` extends Flagged<"optional">
          ? true
          : false
    : WithoutSpaces<Text> extends "forbidden"
      ? true
      : false;

type Flagged<Name extends string> = `${string}|${Name}|${string}` | `${string}|${Name}:true|${string}`;

type WithoutSpaces<Text extends string> = Text extends `${infer Before} ${infer After}`
  ? WithoutSpaces<`${Before}${After}`>
  : Text;
