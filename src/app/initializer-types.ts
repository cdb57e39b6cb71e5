import type { AppScope } from "./app-scope.ts";

type Hook<T, Name extends string> = T extends { readonly [N in Name]?: infer H } ? NonNullable<H> : never;

type FirstParameter<H> = H extends (...parameters: infer P) => unknown
  ? P extends readonly [infer First, ...unknown[]]
    ? First
    : unknown
  : unknown;

/** What one initializer adds to the context. */
type ProvidedBy<T> =
  Hook<T, "beforeRun"> extends (...parameters: never) => infer Result
    ? Awaited<Result> extends infer Provided extends object
      ? Provided
      : object
    : object;

/** What a list of initializers adds to the context, in their order. */
export type WithProvided<List extends readonly unknown[], Have extends object> = List extends readonly [
  infer First,
  ...infer Others,
]
  ? WithProvided<Others, Have & ProvidedBy<First>>
  : Have;

/** The context of an app, as one object type for those who read it. */
export type ContextOf<Base extends object, List extends readonly unknown[]> = Flat<WithProvided<List, Base>>;

type Flat<T> = { readonly [Name in keyof T]: T[Name] } & {};

/**
 * The list itself, if each initializer finds in the configuration and in the context what it reads; in place of one that
 * does not, what the app would have for it.
 */
export type CheckedList<
  List extends readonly unknown[],
  Config extends object,
  Have extends object,
> = List extends readonly [infer First, ...infer Others]
  ? readonly [
      Checked<First, AppScope<Config, Have>>,
      ...CheckedList<Others, Config, Have & ProvidedBy<First>>,
    ]
  : List;

type Checked<T, Scope> = [Hook<T, "beforeRun">] extends [never]
  ? T
  : Scope extends FirstParameter<Hook<T, "beforeRun">>
    ? T
    : { readonly name: string; beforeRun(app: Scope): unknown };
