import Validator from "fastest-validator";
import { describeValue } from "../../common/describe-value.ts";
import type { InferRules, InferRulesInput } from "../infer-rules.ts";
import { FOR_TEXT, type SchemaSource, type TextAwareSchema } from "../rule-compiler.ts";
import type { Rules } from "../rule-types.ts";
import { RulesError } from "../rules-errors.ts";
import type { StandardSchema } from "../standard-schema.ts";
import { areMessages } from "./check-options.ts";
import { compileRules } from "./compile-rules.ts";
import { type Messages, SAFE_MESSAGES } from "./rule-messages.ts";
import type { ValidatorInside } from "./validator-inside.ts";

/** A `Validator` of fastest-validator, by the parts that tell it. */
export interface ValidatorLike {
  compile(schema: never): unknown;
  plugin(plugin: never): unknown;
}

export interface FastestValidatorOptions {
  /**
   * A validator of your own, for its aliases, types, functions, defaults and messages; or the options of a new one. Of its
   * options `haltOnFirstError` is ignored; `considerNullAsAValue` is refused, since types are inferred from the rules alone.
   */
  readonly validator?: ValidatorLike | Readonly<Record<string, unknown>>;
  /** Messages by the type of the failure, `{ stringMin: "At least {expected} characters." }`. */
  readonly messages?: Readonly<Record<string, string>>;
}

/**
 * Rules of fastest-validator as a schema that follows Standard Schema, compiled once, here.
 *
 * Extractors take rules as they are; this is for options, or where something else wants a schema. A value that is checked
 * is not changed: the result is a copy. Given to an extractor of texts (`queryParams`, `pathParams`, …) it converts as rules do
 * there.
 *
 * Throws a `RulesError` (`ARGANIA_RULES`) for malformed rules or options, and a `CodeGenerationError`
 * (`ARGANIA_CODE_GENERATION`) where the runtime forbids to make code from text.
 *
 * @example
 * ```ts
 * import { fastestValidator } from "argania/fastest-validator";
 *
 * const user = fastestValidator({ name: "string|min:3", tags: "string[]" }, { messages: { stringMin: "Too short." } });
 * users.setHandlerFor(_post.to([jsonBody(user)], ({ name, tags }) => json({ name, tags })));
 * ```
 */
export function fastestValidator<const R extends Rules>(
  rules: R,
  options: FastestValidatorOptions = {},
): StandardSchema<InferRulesInput<R>, InferRules<R>> {
  const name = "fastestValidator";
  const compile = schemaMaker(rules, options, name);
  const schema: TextAwareSchema = {
    ...compile("data", name),
    [FOR_TEXT]: (caller) => compile("text", caller),
  };
  return schema as StandardSchema<InferRulesInput<R>, InferRules<R>>;
}

/** Compiles rules for a source, when it is called; `name` is the function that the user gave the options to. */
export function schemaMaker(
  rules: unknown,
  options: FastestValidatorOptions,
  name: string,
): (source: SchemaSource, caller: string) => StandardSchema {
  if (typeof rules !== "object" || rules === null) {
    throw new TypeError(
      `${name} takes rules by name, not ${describeValue(rules)}: write ${name}({ name: "string|min:3" }), or { $$root: true, type: … } for what is no object.`,
    );
  }
  const validator = validatorOf(options, name);
  const messages = messagesOf(validator, options.messages);
  return (source, caller) => ({
    "~standard": {
      version: 1,
      vendor: "fastest-validator",
      validate: compileRules(rules, { validator, messages, isText: source === "text", name: caller }),
    },
  });
}

const OPTIONS = ["validator", "messages"];
const DEFAULTS = { useNewCustomCheckerFunction: true };

function validatorOf(options: FastestValidatorOptions, name: string): ValidatorInside {
  const unknown = Object.keys(options).find((option) => !OPTIONS.includes(option));
  if (unknown !== undefined || (options.messages !== undefined && !areMessages(options.messages))) {
    throw new TypeError(
      `${name} ${unknown === undefined ? "has messages that are not texts" : `has no option "${unknown}"`}: write { messages: { required: "Missing." }, validator: new Validator(…) }.`,
    );
  }
  const { validator: given = {} } = options;
  const isInstance = typeof (given as Partial<ValidatorLike>).compile === "function";
  const inside = (isInstance
    ? given
    : new Validator({ ...DEFAULTS, ...given })) as unknown as ValidatorInside;
  if (inside.opts.considerNullAsAValue === true) {
    throw new RulesError(
      `${name}: considerNullAsAValue would make the inferred types wrong: write nullable: true in rules.`,
      [],
    );
  }
  if (inside.opts.useNewCustomCheckerFunction !== true) {
    throw new RulesError(
      `${name}: checkers are called as (value, errors, …): make the validator with useNewCustomCheckerFunction: true.`,
      [],
    );
  }
  return inside;
}

let usual: Messages | undefined;

/** The validator's messages, but not those that come with fastest-validator and repeat values. */
function messagesOf({ messages }: ValidatorInside, own: Messages = {}): Messages {
  usual ??= new Validator().messages as Messages;
  const safe = Object.entries(SAFE_MESSAGES).filter(([type]) => messages[type] === usual?.[type]);
  return { ...messages, ...Object.fromEntries(safe), ...own };
}
