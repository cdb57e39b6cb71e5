import { requiredSource } from "./code-of-required.ts";
import {
  type CodeContext,
  type CodeMaker,
  type CodeRule,
  type Emitter,
  type ErrorParts,
  MOST_ERRORS,
} from "./code-types.ts";
import { plainCondition } from "./plain-values.ts";
import { addCheckers } from "./rule-checkers.ts";
import { expectedBy, type Messages } from "./rule-messages.ts";
import type { FullRule, RuleReader } from "./rule-reader.ts";
import { isBuiltIn, safeEmitters } from "./safe-emitters.ts";
import type { ValidatorInside } from "./validator-inside.ts";

/** How often a rule may be inside itself. More would end in an overflow of the stack, of the client's making. */
const DEEPEST = 100;
/**
 * How many checks of a rule inside itself may be in vain, since another alternative was the right one. Alternatives that have
 * alternatives inside try twice as many at each level: a value 40 levels deep would take hours.
 */
const MOST_IN_VAIN = 100_000;

/**
 * A validator of fastest-validator, as its emitters see it, whose code is safe with what clients send: it repeats no value in
 * messages, runs checkers only on what has passed its rule, and says where in an array something is missing.
 *
 * The methods have the names that emitters call, also those that users write.
 */
export function codeMaker(
  validator: ValidatorInside,
  reader: RuleReader,
  messages: Messages,
  isText: boolean,
  name: string,
): CodeMaker {
  const known = new Map<FullRule, CodeRule>();
  const schemas = new WeakMap<Messages, FullRule>();
  /** Whether what is written at the moment is not the code of a type of the user's own. */
  let isOwnCode = true;

  const maker: CodeMaker = Object.assign(Object.create(validator) as CodeMaker, {
    isText,
    opts: { ...validator.opts, haltOnFirstError: false },
    rules: safeEmitters(validator.rules),

    getRuleFromSchema(rule: unknown): CodeRule {
      const schema = reader.isFull(rule) ? rule : reader.read(rule, "");
      const own = { ...messages, ...(schema.messages as Messages | undefined) };
      return { schema, messages: own, ruleFunction: maker.rules[schema.type] as Emitter, index: -1 };
    },

    compileRule(
      rule: CodeRule,
      context: CodeContext,
      path: string | null,
      innerSource: string,
      target: string,
    ): string {
      const { schema } = rule;
      const again = known.get(schema);
      const compiled = again ?? compileNew(rule, path, context);
      const call = innerSource.replaceAll("%%INDEX%%", String(compiled.index));
      const inner = again === undefined ? unlessPlain(call, compiled) : nested(call, compiled, context);
      const checked = addCheckers(maker, compiled, context, path, target, name);
      const before = `errorsBefore${context.index++}`;
      return checked === ""
        ? maker.wrapRequiredCheckSourceCode(compiled, inner, context, target)
        : `const ${before} = errors.length;
          ${maker.wrapRequiredCheckSourceCode(compiled, inner, context, target)}
          if (errors.length === ${before} && ${target} !== undefined && ${target} !== null) { ${checked} }`;
    },

    wrapRequiredCheckSourceCode(
      rule: CodeRule,
      innerSource: string,
      context: CodeContext,
      target: string,
    ): string {
      return requiredSource(maker, rule, innerSource, context, target);
    },

    makeError({ type, field = "field", expected, actual, messages: own }: ErrorParts): string {
      const template = own[type] ?? "";
      const schema = schemas.get(own);
      const wanted = schema && expectedBy(schema, type);
      const isSaid = wanted !== undefined && template.includes("{expected}");
      const parts = [
        `type: ${JSON.stringify(type)}`,
        `field: ${field}`,
        `label: typeof label === "undefined" ? null : label`,
        `message: ${JSON.stringify(isSaid ? template.replaceAll("{expected}", () => wanted) : template)}`,
        ...(!isSaid && template.includes("{expected}") ? [`expected: ${String(expected)}`] : []),
        ...(template.includes("{actual}") ? [`actual: ${String(actual)}`] : []),
      ];
      return `errors.push(errors.length < ${MOST_ERRORS} ? { ${parts.join(", ")} } : null);`;
    },

    makeCustomValidator({ vName = "value", fnName = "custom", path, schema, messages: own, context }) {
      const rule = { schema, messages: own, ruleFunction: maker.rules[schema.type] as Emitter, index: -1 };
      return addCheckers(maker, rule, context, path, vName, name, fnName);
    },
  } satisfies Omit<CodeMaker, "rules"> & Record<string, unknown>);
  return maker;

  function compileNew(rule: CodeRule, path: string | null, context: CodeContext): CodeRule {
    known.set(rule.schema, rule);
    schemas.set(rule.messages, rule.schema);
    rule.index = context.index++;
    context.rules[rule.index] = rule;
    const wasOwnCode = isOwnCode;
    isOwnCode = isOwn(rule.schema);
    const { source } = rule.ruleFunction.call(maker, rule, path, context);
    isOwnCode = wasOwnCode;
    context.fn[rule.index] = functionOf(context, source.replaceAll("%%INDEX%%", String(rule.index)));
    return rule;
  }

  /**
   * Most values are right, and are seen to be so where they stand: without a call, a name for errors, or a write. Only in
   * code of which it is known that the call takes `value` and puts it back where it was.
   */
  function unlessPlain(call: string, { schema }: CodeRule): string {
    const condition = isOwnCode && isOwn(schema) ? plainCondition(schema) : undefined;
    return condition === undefined ? call : `if (!(${condition})) { ${call} }`;
  }

  function isOwn({ type }: FullRule): boolean {
    return isBuiltIn(type, validator.rules[type]);
  }

  /** A rule inside itself. */
  function nested(call: string, rule: CodeRule, context: CodeContext): string {
    context.isPerValue = true;
    const error = maker.makeError({ type: "nesting", messages: rule.messages });
    return `if (context.depth >= ${DEEPEST} || context.inVain > ${MOST_IN_VAIN}) { ${error} } else {
      context.depth++; context.nested++; ${call}; context.depth--;
    }`;
  }
}

const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor as FunctionConstructor;

function functionOf(context: CodeContext, source: string): CodeContext["fn"][number] {
  const Maker = context.async ? AsyncFunction : Function;
  return new Maker(
    "value",
    "field",
    "parent",
    "errors",
    "context",
    "label",
    source,
  ) as CodeContext["fn"][number];
}
