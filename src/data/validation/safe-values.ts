import type { Emitter } from "./code-types.ts";
import { guard } from "./safe-texts.ts";

/** Makes an emitter out of fastest-validator's own. */
export type Guard = (original: Emitter) => Emitter;

/** Puts `source` in front of what an emitter writes, and takes options from it that `source` has dealt with. */
function after(source: string, original: Emitter, without: Readonly<Record<string, unknown>> = {}): Emitter {
  return function (rule, path, context) {
    const schema = { ...rule.schema, ...without };
    return { source: `${source}\n${original.call(this, { ...rule, schema }, path, context).source}` };
  };
}

/** `Number()`, which is what `convert` means there, takes `""`, `[]` and `"0x10"` for numbers, and throws for some objects. */
export const number: Guard = (original) =>
  function (rule, path, context) {
    const converts = this.isText || rule.schema.convert === true;
    const source = converts ? "value = context.utils.toNumber(value);" : "";
    return after(source, original, { convert: undefined }).call(this, rule, path, context);
  };

export const boolean: Guard = (original) =>
  function (rule, path, context) {
    const converts = this.isText || rule.schema.convert === true;
    const source = converts ? "value = context.utils.toBoolean(value);" : "";
    return after(source, original, { convert: undefined }).call(this, rule, path, context);
  };

/** JSON has no dates: a rule for one would refuse every body if texts were none. */
export const date: Guard = (original) =>
  function (rule, path, context) {
    const source = `value = context.utils.toDate(value, ${rule.schema.convert === true});`;
    return after(source, original, { convert: undefined }).call(this, rule, path, context);
  };

/** `String()` makes `"[object Object]"` of an object, and throws for `{"toString": 1}`. */
export const string: Guard = (original) =>
  function (rule, path, context) {
    const { convert, contains, pattern, patternFlags } = rule.schema;
    const source =
      convert === true
        ? 'if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint") value = String(value);'
        : "";
    return after(source, original, {
      convert: undefined,
      // It is written between quotes as it is.
      contains: contains === undefined ? undefined : JSON.stringify(contains).slice(1, -1),
      pattern:
        typeof pattern === "string" ? new RegExp(pattern, patternFlags as string | undefined) : pattern,
    }).call(this, rule, path, context);
  };

/** Its members may be numbers, which a text stands for. */
export const enumeration: Guard = (original) =>
  function (rule, path, context) {
    const at = context.values.push(rule.schema.values) - 1;
    const source = this.isText ? `value = context.utils.toMember(context.values[${at}], value);` : "";
    return after(source, original).call(this, rule, path, context);
  };

/**
 * `==` throws for some objects, and takes `["5"]` for 5. What is equal in that loose way becomes the value that it is equal
 * to, so that the handler gets what the rule says.
 */
export const equal: Emitter = function ({ schema, messages }, _path, context) {
  const at = context.values.push(schema.field === undefined ? schema.value : schema.field) - 1;
  const wanted =
    schema.field === undefined ? `context.values[${at}]` : `context.utils.own(parent, context.values[${at}])`;
  const type = schema.field === undefined ? "equalValue" : "equalField";
  // Whether a text stands for a value is no question of types.
  const isStrict = schema.strict === true && !(this.isText && schema.field === undefined);
  return {
    source: `const wanted = ${wanted};
      ${guard(this, `!context.utils.isEqual(value, wanted, ${isStrict})`, type, messages)} return wanted;`,
  };
};

export function isEqual(value: unknown, wanted: unknown, isStrict: boolean): boolean {
  // biome-ignore lint/suspicious/noDoubleEquals: what fastest-validator means by a rule that is not strict
  return value === wanted || (!isStrict && isPrimitive(value) && isPrimitive(wanted) && value == wanted);
}

function isPrimitive(value: unknown): boolean {
  return typeof value !== "object" && typeof value !== "function" && typeof value !== "symbol";
}

/** What an object has by itself: a rule for `constructor` does not mean what every object inherits. */
export function own(object: unknown, name: string): unknown {
  return typeof object === "object" && object !== null && Object.hasOwn(object, name)
    ? (object as Record<string, unknown>)[name]
    : undefined;
}
