import { isPromiseLike, type MaybePromise } from "../../common/maybe-promise.ts";
import { CodeGenerationError, RulesError } from "../rules-errors.ts";
import { MOST_ISSUES, type StandardResult } from "../standard-schema.ts";
import { toBoolean, toDate, toMember, toNumber } from "../text-schema/convert-text.ts";
import { codeMaker } from "./code-maker.ts";
import type { CodeContext } from "./code-types.ts";
import { type RuleError, toStandardIssue } from "./rule-issues.ts";
import type { Messages } from "./rule-messages.ts";
import { RuleReader } from "./rule-reader.ts";
import { copied } from "./safe-containers.ts";
import { isLuhn } from "./safe-texts.ts";
import { isEqual, own } from "./safe-values.ts";
import type { ValidatorInside } from "./validator-inside.ts";

const UTILS = { toNumber, toBoolean, toDate, toMember, isEqual, own, copied, isLuhn };

/** Rules as a function. It changes nothing of the value that it is given. */
export type CheckByRules = (value: unknown) => MaybePromise<StandardResult<unknown>>;

export interface CompileOptions {
  readonly validator: ValidatorInside;
  readonly messages: Messages;
  /** Whether values are texts, and converted where a rule wants something else. */
  readonly isText: boolean;
  /** The function that the user called, for messages. */
  readonly name: string;
}

/** Throws a `RulesError` for malformed rules, a `CodeGenerationError` where code cannot be made from text. */
export function compileRules(
  rules: object,
  { validator, messages, isText, name }: CompileOptions,
): CheckByRules {
  assertCodeGeneration(name);
  const reader = new RuleReader(validator, name);
  const schema = reader.readRoot(rules);
  const maker = codeMaker(validator, reader, messages, isText, name);
  const context = newContext((rules as { readonly $$async?: unknown }).$$async === true, validator);
  const call = `value = ${context.async ? "await " : ""}context.fn[%%INDEX%%](value, field, null, errors, context, label);`;
  const label = JSON.stringify(schema.label ?? null);
  try {
    const code = maker.compileRule(maker.getRuleFromSchema(schema), context, null, call, "value");
    const source = `var field, parent = null, label = ${label};\n${code}\nreturn value;`;
    return checkWith(makeFunction(context.async, source), context);
  } catch (cause) {
    if (cause instanceof SyntaxError) {
      throw new RulesError(
        `${name}: fastest-validator makes no valid code of the rules (${cause.message}).`,
        [""],
        {
          cause,
        },
      );
    }
    throw cause;
  }
}

type RootCode = (value: unknown, errors: (RuleError | null)[], context: CodeContext) => unknown;

function makeFunction(isAsync: boolean, source: string): RootCode {
  const Maker = isAsync
    ? (Object.getPrototypeOf(async () => {}).constructor as FunctionConstructor)
    : Function;
  return new Maker("value", "errors", "context", source) as RootCode;
}

function assertCodeGeneration(name: string): void {
  try {
    new Function("");
  } catch (cause) {
    throw new CodeGenerationError(name, { cause });
  }
}

function newContext(isAsync: boolean, { customFunctions }: ValidatorInside): CodeContext {
  return {
    index: 0,
    async: isAsync,
    rules: [],
    fn: [],
    customs: {},
    customFunctions,
    utils: UTILS,
    values: [],
    checkers: [],
    defaults: [],
    isPerValue: false,
    data: undefined,
    depth: 0,
    nested: 0,
    inVain: 0,
  };
}

function checkWith(code: RootCode, shared: CodeContext): CheckByRules {
  const { isPerValue } = shared;
  return (value) => {
    const errors: (RuleError | null)[] = [];
    // What checkers see of one request must not be another one's.
    const context = isPerValue ? { ...shared, data: value, depth: 0, nested: 0, inVain: 0 } : shared;
    const result = code(value, errors, context);
    return isPromiseLike(result) && shared.async
      ? (result as Promise<unknown>).then((checked) => resultOf(checked, errors))
      : resultOf(result, errors);
  };
}

function resultOf(value: unknown, errors: readonly (RuleError | null)[]): StandardResult<unknown> {
  return errors.length === 0
    ? { value }
    : {
        issues: errors
          .filter((error) => error !== null)
          .slice(0, MOST_ISSUES)
          .map(toStandardIssue),
      };
}
