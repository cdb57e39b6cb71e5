import { type Emitter, MOST_ERRORS } from "./code-types.ts";
import { guard } from "./safe-texts.ts";
import type { Guard } from "./safe-values.ts";

/**
 * Types of values that have others inside. The code of fastest-validator writes what it converts into the value that it is
 * given, which is another's: the params of a request, or what the next alternative is tried on. These work on copies.
 */

const IS_OBJECT = 'typeof value === "object" && value !== null && !Array.isArray(value)';

/** Takes over the names that there are rules for, and no others: what the types say, and nothing that poisons. */
export const object: Guard = (original) =>
  function (rule, path, context) {
    const { schema, messages } = rule;
    const { props, strict } = schema;
    const source =
      props === undefined || strict === false
        ? `if (${IS_OBJECT}) value = context.utils.copied(value);`
        : `if (${IS_OBJECT}) { const source = value; ${copyOf(Object.keys(props as object))}
            ${strict === true ? refuseOthers.call(this, rule, path, context).source : ""} }`;
    const inner = { ...schema, strict: undefined };
    return {
      source: `${source}\n${original.call(this, { ...rule, schema: inner, messages }, path, context).source}`,
    };
  };

/**
 * Code for a copy that has these names of `source`, as far as they are there. One that has them all is made at once, in its final
 * shape.
 */
function copyOf(names: readonly string[]): string {
  const inherited = names.filter((name) => name in Object.prototype);
  const keys = names.map((name) => JSON.stringify(name));
  const reads = names.map((name, at) =>
    inherited.includes(name) ? `context.utils.own(source, ${keys[at]})` : `source[${keys[at]}]`,
  );
  const owns = names.map((_, at) => `own${at}`);
  const writes = owns.map((own, at) => `if (${own} !== undefined) value[${keys[at]}] = ${own};`);
  const stepwise = `value = ${inherited.length === 0 ? "{}" : "Object.create(null)"};\n${writes.join("\n")}`;
  const lines = owns.map((own, at) => `const ${own} = ${reads[at]};`).join("\n");
  return inherited.length > 0
    ? `${lines}\n${stepwise}`
    : `${lines}
      if (${["true", ...owns.map((own) => `${own} !== undefined`)].join(" && ")}) {
        value = { ${owns.map((own, at) => `${keys[at]}: ${own}`).join(", ")} };
      } else { ${stepwise} }`;
}

/** Up to so many names are compared one by one; they are interned, so that this is faster than a set. */
const MOST_COMPARED = 16;

/** Each name that no rule is for is an issue of its own. */
const refuseOthers: Emitter = function ({ schema, messages }, _path, context) {
  const names = Object.keys(schema.props as object);
  const at = context.values.push(new Set(names)) - 1;
  const isKnown =
    names.length > MOST_COMPARED
      ? `context.values[${at}].has(name)`
      : ["false", ...names.map((name) => `name === ${JSON.stringify(name)}`)].join(" || ");
  const error = this.makeError({
    type: "objectStrict",
    field: 'field ? field + "." + name : name',
    messages,
  });
  // Which are its own is asked only when there may be others: a list of them would be made for each object.
  return {
    source: `let hasOthers = false;
      for (const name in source) if (!(${isKnown})) { hasOthers = true; break; }
      if (hasOthers) for (const name of Object.keys(source)) if (!(${isKnown})) { ${error} }`,
  };
};

/** A value of a class, such as a file, is what it is; so is what is inside, which no rule is for. */
export function copied(value: object): object {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    return value;
  }
  const copy: Record<string, unknown> = { ...value };
  // What merges the copy into another object would set that one's prototype.
  Reflect.deleteProperty(copy, "__proto__");
  return copy;
}

/** One text is an array of one: `?tag=a` as `?tag=a&tag=b`. */
export const array: Guard = (original) =>
  function (rule, path, context) {
    const converts = this.isText || rule.schema.convert === true;
    const copy = rule.schema.items === undefined ? "value" : "value.slice()";
    const schema = { ...rule.schema, convert: undefined };
    return {
      source: `value = Array.isArray(value) ? ${copy} : ${converts ? "[value]" : "value"};
        ${original.call(this, { ...rule, schema }, path, context).source}`,
    };
  };

export const tuple: Guard = (original) =>
  function (rule, path, context) {
    return {
      source: `if (Array.isArray(value)) value = value.slice();
        ${original.call(this, rule, path, context).source}`,
    };
  };

/** Theirs makes an object whose prototype is the value of a key `__proto__`, or of one that a rule makes so. */
export const record: Emitter = function ({ schema, messages }, path, context) {
  const call = (target: string): string =>
    `${target} = ${context.async ? "await " : ""}context.fn[%%INDEX%%](value, field, record, errors, context);`;
  const keyRule = this.getRuleFromSchema(schema.key);
  const keyMessages = Object.fromEntries(
    Object.entries(keyRule.messages).map(([type, text]) => [type, text.replace(" field ", " key ")]),
  );
  return {
    source: `${guard(this, `!(${IS_OBJECT})`, "record", messages)}
      const record = value, parentField = field, result = {};
      for (const key of Object.keys(record)) {
        field = parentField ? parentField + "." + key : key;
        let outKey = value = key;
        ${this.compileRule({ ...keyRule, messages: keyMessages }, context, null, call("outKey"), "outKey")}
        let outValue = value = record[key];
        ${this.compileRule(this.getRuleFromSchema(schema.value), context, `${path}[key]`, call("outValue"), "outValue")}
        if (outKey !== "__proto__") result[outKey] = outValue;
      }
      return result;`,
  };
};

/** Each alternative is tried on the value as it came, and has its own errors. */
export const multi: Emitter = function ({ schema }, path, context) {
  const call = `${context.async ? "await " : ""}context.fn[%%INDEX%%](value, field, parent, errors, context)`;
  const tries = (schema.rules as readonly unknown[]).map((alternative) => {
    const code = this.compileRule(
      this.getRuleFromSchema(alternative),
      context,
      path,
      `result = ${call};`,
      "result",
    );
    return `if (!isValid) {
      const errors = [];
      let value = given, result = given;
      const nestedBefore = context.nested;
      ${code}
      isValid = errors.length === 0;
      if (isValid) found = result; else {
        context.inVain += context.nested - nestedBefore;
        context.nested = nestedBefore;
        for (const error of errors) failures.push(error);
      }
    }`;
  });
  return {
    source: `const given = value, failures = [];
      let isValid = false, found = value;
      ${tries.join("\n")}
      if (!isValid) for (const failure of failures) errors.push(errors.length < ${MOST_ERRORS} ? failure : null);
      return found;`,
  };
};
