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
  ? IsKnown<Pattern> extends true
    ? { readonly [Name in CaptureNames<Pattern>]: string }
    : Readonly<Record<string, string>>
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

/** A record keyed by a type such as `/${string}` has an index signature, which nothing need fill. */
type IsKnown<Pattern extends string> = Record<never, never> extends Record<Pattern, unknown> ? false : true;

/**
 * Jumps from brace to brace; `{{` is literal. Every branch is a tail call, so that the length of a pattern
 * costs no depth.
 */
type CaptureNames<Text extends string, Names extends string = never> = Text extends `${string}{${infer Rest}`
  ? Rest extends `{${infer Behind}`
    ? CaptureNames<Behind, Names>
    : Rest extends `${infer Content}}${infer Behind}`
      ? Content extends `${infer Name}:${infer Regex}`
        ? Regex extends `${string}${"{" | "[" | "\\"}${string}`
          ? Rest extends `${string}:${infer Source}`
            ? BehindRegex<Source, Names | Name>
            : never
          : CaptureNames<Behind, Names | Name>
        : CaptureNames<Behind, Names | Content>
      : Names
  : Names;

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
      : CaptureNames<Rest, Names>
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
