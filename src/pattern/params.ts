/**
 * The path params that a pattern captures, as a type; those of its host included.
 *
 * A pattern that is not known at compile time gives a record of strings.
 *
 * @example
 * ```ts
 * type Params = ParamsOf<"http://{tenant}.example.com/users/{id:\\d{5}} *">;
 * // { readonly tenant: string; readonly id: string }
 * ```
 */
export type ParamsOf<Pattern extends string> = Pattern extends unknown
  ? // A record keyed by a type such as `/${string}` has an index signature, which nothing need fill.
    Record<never, never> extends Record<Pattern, unknown>
    ? Readonly<Record<string, string>>
    : { readonly [Name in CaptureNames<Pattern>]: string }
  : never;

/**
 * The params that the host of a pattern captures: of a host pattern, or of a resource pattern that has a
 * host.
 */
export type HostParamsOf<Pattern extends string> = Pattern extends `${string}://${infer Rest}`
  ? Rest extends `${infer Host}/${string}`
    ? ParamsOf<Host>
    : ParamsOf<Rest>
  : Pattern extends `/${string}`
    ? ParamsOf<"">
    : ParamsOf<Pattern>;

/** The short way, for patterns without regexes: one step for each of the first two captures. */
type CaptureNames<Text extends string> = Text extends `${string}{${infer First}}${infer Behind}`
  ? Text extends `${string}${":" | "{{"}${string}`
    ? NamesIn<Text>
    : Behind extends `${string}{${infer Second}}${infer Rest}`
      ? NamesIn<Rest, First | Second>
      : First
  : never;

/** Jumps from capture to capture. Every branch is a tail call, so that the length of a pattern costs no depth. */
type NamesIn<
  Text extends string,
  Names extends string = never,
> = Text extends `${string}{${infer Content}}${infer Behind}`
  ? Content extends `${string}${":" | "{"}${string}`
    ? NamesFromRegexOn<Text, Content, Behind, Names>
    : NamesIn<Behind, Names | Content>
  : Names;

/** `{{` is literal; a regex with braces, classes or escapes has to be read to its end. */
type NamesFromRegexOn<
  Text extends string,
  Content extends string,
  Behind extends string,
  Names extends string,
> = Content extends `{${string}`
  ? Text extends `${string}{{${infer BehindBraces}`
    ? NamesIn<BehindBraces, Names>
    : never
  : Content extends `${infer Name}:${infer Regex}`
    ? Regex extends `${string}${"{" | "[" | "\\"}${string}`
      ? Text extends `${string}{${string}:${infer Source}`
        ? BehindRegex<Source, Names | Name>
        : never
      : NamesIn<Behind, Names | Name>
    : NamesIn<Behind, Names | Content>;

/**
 * Reads a regex character by character up to the brace that ends it; `Depth` has one `{` for each open one.
 */
type BehindRegex<
  Text extends string,
  Names extends string,
  Depth extends string = "",
> = Text extends `${infer First}${infer Rest}`
  ? First extends "}"
    ? Depth extends `{${infer Outer}`
      ? BehindRegex<Rest, Names, Outer>
      : NamesIn<Rest, Names>
    : First extends "{"
      ? BehindRegex<Rest, Names, `{${Depth}`>
      : First extends "\\"
        ? Rest extends `${string}${infer Behind}`
          ? BehindRegex<Behind, Names, Depth>
          : Names
        : First extends "["
          ? BehindClass<Rest extends `^${infer Members}` ? Members : Rest, Names, Depth, true>
          : BehindRegex<Rest, Names, Depth>
  : Names;

/** A `]` that comes first in a character class does not end it. */
type BehindClass<
  Text extends string,
  Names extends string,
  Depth extends string,
  IsAtStart extends boolean = false,
> = Text extends `${infer First}${infer Rest}`
  ? First extends "]"
    ? IsAtStart extends true
      ? BehindClass<Rest, Names, Depth>
      : BehindRegex<Rest, Names, Depth>
    : First extends "\\"
      ? Rest extends `${string}${infer Behind}`
        ? BehindClass<Behind, Names, Depth>
        : Names
      : BehindClass<Rest, Names, Depth>
  : Names;
