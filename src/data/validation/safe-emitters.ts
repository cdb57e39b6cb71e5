import Validator from "fastest-validator";
import type { Emitter } from "./code-types.ts";
import { array, multi, object, record, tuple } from "./safe-containers.ts";
import { currency, email, luhn } from "./safe-texts.ts";
import { boolean, date, enumeration, equal, type Guard, number, string } from "./safe-values.ts";

type Emitters = Readonly<Record<string, Emitter>>;

const GUARDS: Readonly<Record<string, Guard>> = {
  array,
  boolean,
  date,
  email,
  enum: enumeration,
  number,
  object,
  string,
  tuple,
};
const REPLACED: Emitters = { currency, equal, luhn, multi, record };

const BUILT_IN = new Validator().rules as unknown as Emitters;

/** The emitters of a validator, those that come with fastest-validator made safe. A user's own are the user's business. */
export function safeEmitters(emitters: Emitters): Emitters {
  return Object.fromEntries(
    Object.entries(emitters).map(([type, emitter]) => {
      if (emitter !== BUILT_IN[type]) {
        return [type, emitter];
      }
      return [type, REPLACED[type] ?? GUARDS[type]?.(emitter) ?? emitter];
    }),
  );
}

/** Whether a type is as fastest-validator has it, and not replaced by the user. */
export function isBuiltIn(type: string, emitter: unknown): boolean {
  return Object.hasOwn(BUILT_IN, type) && BUILT_IN[type] === emitter;
}
