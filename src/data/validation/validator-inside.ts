import type { Emitter } from "./code-types.ts";
import type { Messages } from "./rule-messages.ts";
import type { RuleSource } from "./rule-reader.ts";

/** The parts of a fastest-validator's `Validator` that are used, which its own types leave out in part. */
export interface ValidatorInside extends RuleSource {
  readonly opts: Readonly<Record<string, unknown>>;
  readonly messages: Messages;
  readonly rules: Readonly<Record<string, Emitter>>;
  readonly customFunctions: object;
}
