import type { Extractor, GivingParams } from "./extractor.ts";
import type { InferRules } from "./infer-rules.ts";
import type { Rules } from "./rule-types.ts";
import type { StandardSchema } from "./standard-schema.ts";

/** Says to the type checker, and only to it, which params an extractor wants. There is no such member. */
export interface WantingParams<Params> {
  readonly wantedParams?: Params;
}

/** A {@link SchemaExtractor} of params: a schema that wants one which the route does not have does not compile. */
export interface ParamsExtractor<out T extends object> extends Extractor<T, object>, GivingParams {
  (): Extractor<T, object> & GivingParams;
  /** With a Standard Schema, of zod, valibot, arktype and others: what the schema makes of the texts. */
  <Input, Output>(
    schema: StandardSchema<Input, Output>,
  ): Extractor<Output, object> & WantingParams<NamesWanted<Input>>;
  /** With rules of fastest-validator, after `import "argania/fastest-validator"`. */
  <const R extends Rules>(
    rules: R,
  ): Extractor<InferRules<R>, object> & WantingParams<NamesWanted<InferRules<R>>>;
  // Compilers tell what is wrong with a call by the last of its forms.
  (schema: StandardSchema | Rules): Extractor<unknown, object>;
}

/** One by one for a union, and none for a schema that does not say what it takes, or takes any names. */
export type NamesWanted<Input> = 0 extends 1 & Input
  ? unknown
  : Input extends object
    ? string extends keyof Input
      ? unknown
      : { readonly [Name in RequiredNames<Input>]: string }
    : unknown;

/** Without those that may be `undefined`: a schema for several routes may name what one of them does not have. */
type RequiredNames<Input extends object> = {
  [Name in keyof Input]-?: undefined extends Input[Name] ? never : Name;
}[keyof Input];
