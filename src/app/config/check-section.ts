import { describeValue } from "../../common/describe-value.ts";
import { type ConfigObject, isPlainObject } from "./config-tree.ts";

/** Gives the value, converted if it came as a text, or says what it should be. */
export type Check = (value: unknown, path: string, report: Report) => unknown;
export type Report = (path: string, message: string) => void;

/** Environment variables are texts. */
const WHOLE_NUMBER = /^\d{1,15}$/;

export const text: Check = (value, path, report) => {
  if (typeof value !== "string" || value === "") {
    report(path, `it is a text, not ${value === "" ? "an empty one" : describeValue(value)}.`);
  }
  return value;
};

export const flag: Check = (value, path, report) => {
  if (value === "true" || value === "false") {
    return value === "true";
  }
  if (typeof value !== "boolean") {
    report(path, `it is true or false, not ${describeValue(value)}.`);
  }
  return value;
};

export function wholeNumber(greatest: number, least = 0): Check {
  return (value, path, report) => {
    const number = typeof value === "string" && WHOLE_NUMBER.test(value) ? Number(value) : value;
    if (typeof number !== "number" || !Number.isInteger(number) || number < least || number > greatest) {
      report(path, `it is a whole number from ${least} to ${greatest}.`);
    }
    return number;
  };
}

export function oneOf(...members: readonly string[]): Check {
  return (value, path, report) => {
    if (!members.includes(value as string)) {
      report(path, `it is ${members.map((member) => JSON.stringify(member)).join(" or ")}.`);
    }
    return value;
  };
}

/** The first check that has nothing to say, or what the last one says. */
export function either(first: Check, second: Check): Check {
  return (value, path, report) => {
    let isRefused = false;
    const result = first(value, path, () => {
      isRefused = true;
    });
    return isRefused ? second(value, path, report) : result;
  };
}

/** An object with these names and no others. `null`, what YAML makes of a name with nothing behind it, is refused. */
export function section(checks: Readonly<Record<string, Check>>): Check {
  return (value, path, report) => {
    if (!isPlainObject(value)) {
      report(path, `it is an object, not ${describeValue(value)}.`);
      return value;
    }
    const checked: ConfigObject = {};
    for (const [name, inner] of Object.entries(value)) {
      const check = Object.hasOwn(checks, name) ? checks[name] : undefined;
      if (check === undefined) {
        report(`${path}.${name}`, `there is no such option. There are: ${Object.keys(checks).join(", ")}.`);
      } else if (inner !== undefined) {
        checked[name] = check(inner, `${path}.${name}`, report);
      }
    }
    return checked;
  };
}
