import type { CodeContext, CodeMaker, CodeRule } from "./code-types.ts";
import type { FullRule } from "./rule-reader.ts";

/** Code around a rule's own for what is not there: an error, a default, or nothing. */
export function requiredSource(
  maker: CodeMaker,
  { schema, messages }: CodeRule,
  innerSource: string,
  context: CodeContext,
  target: string,
): string {
  const { nullable } = schema;
  const isOptional = schema.optional === true || schema.type === "forbidden";
  const unset = unsetSource(target);
  const otherwise = isOptional
    ? unset
    : maker.makeError({ type: "required", field: fieldOf(target), messages });
  const none = defaultSource(schema, context, target) ?? otherwise;
  // A field of a form that nobody has filled in is sent as an empty text, which is no number.
  const empty = maker.isText && isNoText(schema) ? `if (value === "") { value = undefined; ${unset} }` : "";
  return `${empty}
    if (value === undefined ${nullable === true ? "" : "|| value === null"}) { ${none} }
    else if (value !== null) { ${innerSource} }`;
}

/**
 * What is null and may be missing, but not null, is missing. fastest-validator lets null through there, which a
 * handler that was promised `string | undefined` does not expect.
 */
function unsetSource(target: string): string {
  return target.startsWith("parentObj") ? `delete ${target};` : `${target} = undefined;`;
}

function defaultSource(schema: FullRule, context: CodeContext, target: string): string | undefined {
  const given = schema.default;
  if (given === undefined || given === null) {
    return undefined;
  }
  if (typeof given !== "object" && typeof given !== "function" && typeof given !== "bigint") {
    return `${target} = ${JSON.stringify(given)};`;
  }
  // A clone for each: fastest-validator writes JSON into its code, which makes a text of a date.
  const make = typeof given === "function" ? (given as Default) : () => structuredClone(given);
  const at =
    context.defaults.push((field, parent, own) => make.call(undefined, schema, field, parent, own)) - 1;
  context.isPerValue = true;
  const call = `context.defaults[${at}](${fieldOf(target)}, ${parentOf(target)}, context)`;
  return `${target} = ${context.async ? `await ${call}` : call};`;
}

type Default = (schema: FullRule, field: unknown, parent: unknown, context: CodeContext) => unknown;

/** Code for the name of what stands at a target: an item is at its index, not where its array is. */
export function fieldOf(target: string): string {
  const index = /^arr\[(\w+)\]$/.exec(target)?.[1];
  return index === undefined ? "field" : `(parentField ? parentField : "") + "[" + ${index} + "]"`;
}

/** Code for the object around a target. Emitters have it under other names than `parent`, which is one further out. */
export function parentOf(target: string): string {
  return target.startsWith("parentObj") ? "parentObj" : target.startsWith("out") ? "record" : "parent";
}

function isNoText({ type, rules }: FullRule): boolean {
  return type === "multi"
    ? (rules as readonly FullRule[]).every(isNoText)
    : type === "number" || type === "boolean" || type === "date";
}
