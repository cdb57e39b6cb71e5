import { describeValue } from "../../common/describe-value.ts";
import { RulesError } from "../rules-errors.ts";
import { isOfKind, optionsOf, requiredOption } from "./rule-options.ts";
import type { FullRule } from "./rule-reader.ts";

/**
 * Throws a `RulesError` for options that a built-in type does not have, lacks, or cannot work with.
 *
 * @param isBuiltIn whether the type is fastest-validator's own: nobody knows what options others have
 */
export function checkOptions(rule: FullRule, isBuiltIn: boolean, name: string, path: string): void {
  const { type } = rule;
  const refuse = (problem: string): never => {
    const which = path === "" ? "the rule of the whole value" : `the rule "${path}"`;
    throw new RulesError(`${name}: ${which}, of the type "${type}", ${problem}.`, [path]);
  };
  checkCommon(rule, refuse);
  const kinds = isBuiltIn ? optionsOf(type) : undefined;
  if (kinds === undefined) {
    return;
  }
  const required = requiredOption(type);
  if (required !== undefined && rule[required] === undefined) {
    refuse(`needs the option "${required}"`);
  }
  // A checker may read any option of its rule.
  const mayHaveOthers = type === "custom" || rule.custom !== undefined;
  for (const [option, value] of Object.entries(rule)) {
    const kind = Object.hasOwn(kinds, option) ? kinds[option] : undefined;
    if (kind === undefined && !mayHaveOthers) {
      const list = Object.keys(kinds).join(", ");
      refuse(`has the option "${option}", which there is not. There are ${list}`);
    } else if (kind !== undefined && value !== undefined && !isOfKind(value, kind)) {
      refuse(`has ${describeValue(value)} for "${option}": it takes ${WANTED[kind]}`);
    }
  }
  checkRare(rule, refuse);
}

const WANTED: Readonly<Record<string, string>> = {
  number: "a number",
  boolean: "true or false",
  function: "a function",
  text: "a text",
  pattern: "a regex, or the text of one",
  list: "an array that is not empty",
  "list of rules": "an array of rules that is not empty",
  "rules by name": "an object of rules by name",
};

type Refuse = (problem: string) => never;

function checkCommon({ custom, messages }: FullRule, refuse: Refuse): void {
  const checkers = custom === undefined ? [] : Array.isArray(custom) ? custom : [custom];
  for (const checker of checkers) {
    if (typeof checker !== "function" && !(Array.isArray(custom) && typeof checker === "string")) {
      refuse(`has ${describeValue(checker)} for "custom": it takes a function, or an array of them`);
    }
  }
  if (messages !== undefined && !areMessages(messages)) {
    refuse('has "messages" that are not texts by name');
  }
}

export function areMessages(value: unknown): value is Readonly<Record<string, string>> {
  return (
    typeof value === "object" &&
    value !== null &&
    Object.values(value).every((message) => typeof message === "string")
  );
}

function checkRare(rule: FullRule, refuse: Refuse): void {
  const { type, strict, mode, ObjectID, convert, pattern, patternFlags, customRegex } = rule;
  if (type === "object" && ![undefined, true, false, "remove"].includes(strict as never)) {
    refuse('takes true, false or "remove" for "strict"');
  }
  if (type === "email" && ![undefined, "quick", "precise"].includes(mode as never)) {
    refuse('takes "quick" or "precise" for "mode"');
  }
  if (type === "equal" && rule.value === undefined && rule.field === undefined) {
    refuse('needs the option "value" or "field"');
  }
  if (type === "objectID") {
    if (typeof (ObjectID as { isValid?: unknown } | null)?.isValid !== "function") {
      refuse('takes a class with isValid(…) for "ObjectID", as the packages bson and mongodb have it');
    }
    if (![undefined, true, false, "hexString"].includes(convert as never)) {
      refuse('takes true, false or "hexString" for "convert"');
    }
  }
  for (const source of [pattern, customRegex]) {
    try {
      new RegExp((source ?? "") as string, patternFlags as string | undefined);
    } catch (error) {
      refuse(`has a pattern that is no regex (${(error as Error).message})`);
    }
  }
}
