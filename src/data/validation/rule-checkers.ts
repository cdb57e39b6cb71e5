import { isPromiseLike } from "../../common/maybe-promise.ts";
import { RulesError } from "../rules-errors.ts";
import { fieldOf, parentOf } from "./code-of-required.ts";
import type { CodeContext, CodeMaker, CodeRule, RunChecker } from "./code-types.ts";
import type { RuleError } from "./rule-issues.ts";
import type { Messages } from "./rule-messages.ts";
import type { FullRule } from "./rule-reader.ts";

type Checker = (
  this: unknown,
  value: unknown,
  errors: RuleError[],
  schema: FullRule,
  path: string,
  parent: unknown,
  context: CodeContext,
) => unknown;

/** Code that runs the checkers of a rule, one after the other, on what `target` is; empty when there are none. */
export function addCheckers(
  maker: CodeMaker,
  { schema, messages }: CodeRule,
  context: CodeContext,
  path: string | null,
  target: string,
  name: string,
  option = "custom",
): string {
  const given = schema[option];
  const list = given === undefined ? [] : Array.isArray(given) ? given : [given];
  if (list.length > 0) {
    context.isPerValue = true;
  }
  const where = path ?? "$$root";
  return list
    .map((checker, index) => {
      const [check, own] = resolve(checker, schema, index);
      if (!context.async && check.constructor.name === "AsyncFunction") {
        throw new RulesError(`${name}: ${laterMessage(where)}`, [where]);
      }
      const at = context.checkers.push(runnerOf(maker, check, own, messages, where)) - 1;
      const wait = context.async ? "await " : "";
      return `${target} = ${wait}context.checkers[${at}](${target}, errors, ${fieldOf(target)}, ${parentOf(target)}, context);`;
    })
    .join("\n");

  /** A text names one of the validator's functions, with options of its own: `"compare|gte:10"`. */
  function resolve(checker: unknown, rule: FullRule, index: number): [Checker, FullRule] {
    if (typeof checker === "function") {
      return [checker as Checker, rule];
    }
    const inside = maker as unknown as {
      parseShortHand(text: string): FullRule;
      customFunctions: Readonly<Record<string, Checker>>;
    };
    const custom = inside.parseShortHand(checker as string);
    const found = Object.hasOwn(inside.customFunctions, custom.type)
      ? inside.customFunctions[custom.type]
      : undefined;
    if (found === undefined) {
      throw new RulesError(
        `${name}: the rule "${where}" has the checker "${custom.type}", which the validator's customFunctions do not have.`,
        [where],
      );
    }
    return [found, { ...rule, custom, index }];
  }
}

function laterMessage(path: string): string {
  return `the checker of the rule "${path}" returns a promise, for which the rules must say so: write $$async: true among them.`;
}

function runnerOf(
  maker: CodeMaker,
  check: Checker,
  schema: FullRule,
  messages: Messages,
  path: string,
): RunChecker {
  return (value, errors, field, parent, context) => {
    const own: RuleError[] = [];
    const settle = (result: unknown): unknown => {
      for (const error of own) {
        errors.push({ field, message: messages[String(error.type)], ...error });
      }
      // A checker that returns nothing has only checked.
      return result === undefined ? value : result;
    };
    const result = check.call(maker, value, own, schema, path, parent, context);
    if (!isPromiseLike(result)) {
      return settle(result);
    }
    if (!context.async) {
      // Nobody would wait for its errors. The other promise must not end the process, if it fails.
      result.then(undefined, () => {});
      throw new TypeError(`In rules of fastest-validator, ${laterMessage(path)}`);
    }
    return result.then(settle);
  };
}
