import type { CodeMaker, Emitter } from "./code-types.ts";
import type { Messages } from "./rule-messages.ts";
import type { FullRule } from "./rule-reader.ts";

/**
 * Types of texts whose code in fastest-validator can be made to hang, throw or leak by what a client sends.
 */

/** In front of the regexes: what is longer is none (RFC 5321 §4.5.3.1, with room). */
const LONGEST_EMAIL = 320;
const LONGEST_CURRENCY = 64;

/** The regex of its quick mode takes cubic time. This finds the same: no space, and `a@b.c` with any text for each. */
const QUICK_EMAIL = `const at = value.indexOf("@", 1);
  const isEmail = at > 0 && value.lastIndexOf(".", value.length - 2) > at + 1 && !/\\s/.test(value);`;

export const email: (original: Emitter) => Emitter = (original) =>
  function (rule, path, context) {
    const { schema, messages } = rule;
    const tooLong = guard(
      this,
      `typeof value === "string" && value.length > ${LONGEST_EMAIL}`,
      "email",
      messages,
    );
    if (schema.mode === "precise") {
      return { source: tooLong + original.call(this, rule, path, context).source };
    }
    const fails = (condition: string, type: string): string =>
      `if (${condition}) { ${this.makeError({ type, messages })} }`;
    return {
      source: [
        guard(this, 'typeof value !== "string"', "string", messages),
        tooLong,
        schema.empty === true
          ? 'if (value === "") return value;'
          : guard(this, 'value === ""', "emailEmpty", messages),
        schema.normalize === true ? "value = value.trim().toLowerCase();" : "",
        schema.min === undefined ? "" : fails(`value.length < ${String(schema.min)}`, "emailMin"),
        schema.max === undefined ? "" : fails(`value.length > ${String(schema.max)}`, "emailMax"),
        QUICK_EMAIL,
        fails("!isEmail", "email"),
        "return value;",
      ].join("\n"),
    };
  };

/** Its code throws for what is no text, and its regex takes quadratic time. */
export const currency: Emitter = function ({ schema, messages }, _path, context) {
  const at = context.values.push(currencyRegex(schema)) - 1;
  const isNone = `typeof value !== "string" || value.length > ${LONGEST_CURRENCY} || !context.values[${at}].test(value)`;
  return { source: `${guard(this, isNone, "currency", messages)} return value;` };
};

function currencyRegex(schema: FullRule): RegExp {
  const { customRegex, currencySymbol = "", thousandSeparator = ",", decimalSeparator = "." } = schema;
  if (customRegex !== undefined) {
    // Without the flags that make a regex remember where it was.
    return new RegExp(customRegex as string | RegExp, regexFlags(customRegex));
  }
  const symbol = `(?:${escaped(currencySymbol)})${schema.symbolOptional === true ? "?" : ""}`;
  return new RegExp(
    `^(?=.*\\d)(?:-?${symbol}|${symbol}-?)(?:\\d{1,3}(?:${escaped(thousandSeparator)}\\d{3})*)?(?:${escaped(decimalSeparator)}\\d{1,2})?$`,
  );
}

function regexFlags(source: unknown): string {
  return source instanceof RegExp ? source.flags.replace(/[gy]/g, "") : "";
}

function escaped(text: unknown): string {
  return String(text).replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}

/** Its code leaves the number, which may be of a credit card, in a global variable. */
export const luhn: Emitter = function ({ messages }) {
  return {
    source: `${guard(this, 'typeof value !== "string"', "string", messages)}
      ${guard(this, "!context.utils.isLuhn(value)", "luhn", messages)} return value;`,
  };
};

/** https://en.wikipedia.org/wiki/Luhn_algorithm; other characters than digits are skipped. */
export function isLuhn(text: string): boolean {
  let sum = 0;
  let isSecond = false;
  for (let at = text.length - 1; at >= 0; at--) {
    const digit = text.charCodeAt(at) - 48;
    if (digit >= 0 && digit <= 9) {
      const value = isSecond ? digit * 2 : digit;
      sum += value > 9 ? value - 9 : value;
      isSecond = !isSecond;
    }
  }
  return sum > 0 && sum % 10 === 0;
}

/** Code that ends the check of a value with an error. */
export function guard(maker: CodeMaker, condition: string, type: string, messages: Messages): string {
  return `if (${condition}) { ${maker.makeError({ type, messages })} return value; }\n`;
}
