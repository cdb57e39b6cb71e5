import type { RuleError } from "./rule-issues.ts";
import type { Messages } from "./rule-messages.ts";
import type { FullRule } from "./rule-reader.ts";

/** Beyond these, errors are counted but not described: a body can be wrong in half a million places. */
export const MOST_ERRORS = 200;

/** A rule on its way into code, as the emitters of fastest-validator take it. */
export interface CodeRule {
  readonly schema: FullRule;
  readonly messages: Messages;
  readonly ruleFunction: Emitter;
  index: number;
}

/** Writes the code of one type of rules: the body of `(value, field, parent, errors, context, label) => value`. */
export type Emitter = (
  this: CodeMaker,
  rule: Pick<CodeRule, "schema" | "messages" | "index">,
  path: string | null,
  context: CodeContext,
) => { readonly source: string };

/** One type of rules in code. */
export type RuleCode = (
  value: unknown,
  field: string | undefined,
  parent: unknown,
  errors: (RuleError | null)[],
  context: CodeContext,
  label?: string | null,
) => unknown;

/** Runs a checker of the user's and gives the value to go on with. */
export type RunChecker = (
  value: unknown,
  errors: (RuleError | null)[],
  field: string | undefined,
  parent: unknown,
  context: CodeContext,
) => unknown;

/** What code refers to: fastest-validator's own names first. */
export interface CodeContext {
  index: number;
  readonly async: boolean;
  readonly rules: CodeRule[];
  readonly fn: RuleCode[];
  readonly customs: Record<number, object>;
  readonly customFunctions: object;
  readonly utils: object;
  /** What cannot be written as code. */
  readonly values: unknown[];
  readonly checkers: RunChecker[];
  readonly defaults: ((field: unknown, parent: unknown, context: CodeContext) => unknown)[];
  /** Whether the code needs a context of its own for each value, which `data` and what follows it are in. */
  isPerValue: boolean;
  data: unknown;
  depth: number;
  /** Checks of rules inside themselves, without those of alternatives that failed, which were in vain. */
  nested: number;
  inVain: number;
}

export interface ErrorParts {
  readonly type: string;
  readonly field?: string;
  readonly expected?: unknown;
  readonly actual?: unknown;
  readonly messages: Messages;
}

/** What emitters call on the validator that they are methods of. */
export interface CodeMaker {
  readonly rules: Readonly<Record<string, Emitter>>;
  readonly isText: boolean;
  getRuleFromSchema(rule: unknown): CodeRule;
  compileRule(
    rule: CodeRule,
    context: CodeContext,
    path: string | null,
    innerSource: string,
    target: string,
  ): string;
  wrapRequiredCheckSourceCode(
    rule: CodeRule,
    innerSource: string,
    context: CodeContext,
    target: string,
  ): string;
  makeError(parts: ErrorParts): string;
  makeCustomValidator(parts: {
    readonly vName?: string;
    readonly fnName?: string;
    readonly path: string | null;
    readonly schema: FullRule;
    readonly messages: Messages;
    readonly context: CodeContext;
  }): string;
}
