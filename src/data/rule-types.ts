/**
 * The rules of one value, as fastest-validator takes them (https://github.com/icebob/fastest-validator):
 *
 * - a text, `"string|min:3|optional"`, `"number[]"`;
 * - an object with a `type` and options, `{ type: "enum", values: ["admin", "user"] }`;
 * - nested rules, `{ $$type: "object|optional", street: "string" }`;
 * - an array of alternatives, `["string", "number"]`.
 *
 * Our own types: those of the package are too loose to infer anything from.
 */
export type Rule = string | RuleObject | readonly Rule[];

/** A rule with its options written out, or nested rules. */
export interface RuleObject {
  /** Checks a value that has passed its rule, adds to `errors` what is wrong, and returns the value to go on with. */
  readonly custom?: RuleChecker | readonly unknown[] | Rule;
  /** The whole check of a rule of the type `custom`. */
  readonly check?: RuleChecker | Rule;
  readonly [option: string]: unknown;
}

/**
 * A check of one's own. `parent` is the object around the value, `context.data` the whole value.
 *
 * What it returns is the value to go on with; a checker that returns nothing leaves the value as it is.
 */
export type RuleChecker = {
  // A method, so that a checker can say which type its rule has let through: `(value: string) => …`.
  check(
    value: unknown,
    errors: RuleFailure[],
    schema: Readonly<Record<string, unknown>>,
    path: string,
    parent: unknown,
    context: { readonly data: unknown },
  ): unknown;
}["check"];

/** What a checker adds to its errors: `type` names the message, unless it brings one. */
export interface RuleFailure {
  readonly type?: string;
  readonly message?: string;
  readonly field?: string;
  readonly expected?: unknown;
  readonly actual?: unknown;
}

/**
 * What extractors take as rules of fastest-validator:
 *
 * - rules by name, for an object. Names that begin with `$$` are about the object: `$$strict: true` refuses names that no
 *   rule is for (without it they are left out), `$$strict: false` keeps them; `$$async: true` lets checkers return
 *   promises;
 * - with `$$root: true` the rule of any value;
 * - an array of alternatives.
 */
export type Rules =
  | { readonly [name: string]: Rule | boolean }
  | (RuleObject & { readonly $$root: true })
  | readonly Rule[];
