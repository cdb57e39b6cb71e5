import type { FullRule } from "./rule-reader.ts";

/**
 * Whether a default is what its rule promises to handlers: fastest-validator puts it in as it is, unchecked and
 * unconverted. Limits are not asked, since 0 may stand for "no limit"; the type and the values of an enum are.
 *
 * What a function makes is known only when it has run, and what checkers make of a value is theirs.
 */
export function isDefaultFitting(rule: FullRule): boolean {
  const { default: preset } = rule;
  return preset === undefined || preset === null || typeof preset === "function" || fits(preset, rule);
}

function fits(value: unknown, rule: FullRule): boolean {
  if (rule.custom !== undefined) {
    return true;
  }
  if (value === undefined || value === null) {
    return value === null ? rule.nullable === true : rule.optional === true;
  }
  switch (rule.type) {
    case "string":
      return typeof value === "string" && isMember(value, rule.enum);
    case "currency":
    case "email":
    case "luhn":
    case "mac":
    case "url":
    case "uuid":
      return typeof value === "string";
    case "number":
      return typeof value === "number" && Number.isFinite(value);
    case "boolean":
      return typeof value === "boolean";
    case "date":
      return value instanceof Date;
    case "enum":
      return isMember(value, rule.values);
    case "multi":
      return (rule.rules as readonly FullRule[]).some((alternative) => fits(value, alternative));
    default:
      return areItemsFitting(value, rule);
  }
}

function areItemsFitting(
  value: unknown,
  { type, items, props, value: of, enum: members }: FullRule,
): boolean {
  switch (type) {
    case "array":
      return (
        Array.isArray(value) &&
        value.every(
          (item) => isMember(item, members) && (items === undefined || fits(item, items as FullRule)),
        )
      );
    case "tuple":
      return (
        Array.isArray(value) &&
        (items === undefined || (items as readonly FullRule[]).every((item, at) => fits(value[at], item)))
      );
    case "record":
      return isObject(value) && Object.values(value).every((each) => fits(each, of as FullRule));
    case "object":
      return (
        isObject(value) &&
        Object.entries((props ?? {}) as Readonly<Record<string, FullRule>>).every(([name, rule]) =>
          fits(Object.hasOwn(value, name) ? value[name] : undefined, rule),
        )
      );
    default:
      return true;
  }
}

function isMember(value: unknown, members: unknown): boolean {
  return !Array.isArray(members) || members.includes(value);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
