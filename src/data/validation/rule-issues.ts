import type { StandardIssue } from "../standard-schema.ts";

/** What the compiled code, or a checker, adds to the errors. */
export interface RuleError {
  readonly field?: string | undefined;
  readonly label?: string | null | undefined;
  readonly message?: unknown;
  readonly [name: string]: unknown;
}

export function toStandardIssue(error: RuleError): StandardIssue {
  const path = pathOf(error.field);
  return { path, message: messageOf(error, path.join(".")) };
}

/**
 * `address.street`, `tags[0]`, `a['b-c']`: as fastest-validator names a field. What begins a quote without an end is taken
 * whole: each further one would search for it anew.
 */
const PART = /\[(\d+)\]|\['([\s\S]*?)'\](?=[.[]|$)|(\['[\s\S]*)|\.?([^.[]+|\[)/g;
/** Keys that the client has chosen are in there. */
const LONGEST_FIELD = 1_000;
const LONGEST_VALUE = 100;

function pathOf(field: string | undefined): (string | number)[] {
  const parts = [
    ...String(field ?? "")
      .slice(0, LONGEST_FIELD)
      .matchAll(PART),
  ];
  return parts.map(([, index, quoted, unclosed, name]) =>
    index === undefined ? (quoted ?? unclosed ?? name ?? "") : Number(index),
  );
}

function messageOf(error: RuleError, path: string): string {
  const { label, message } = error;
  const template =
    typeof message === "string" && message !== "" ? message : "The '{field}' field is not valid.";
  const field = label ?? (path.length > LONGEST_VALUE ? `${path.slice(0, LONGEST_VALUE)}…` : path);
  const text =
    field === "" ? template.replace(/The (?:object )?'\{field\}'(?: field)?/, "The value") : template;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    if (name === "field") {
      return field;
    }
    const known = Object.hasOwn(error, name);
    return known || name === "expected" || name === "actual" ? plainText(error[name]) : whole;
  });
}

/** Values come from clients: they may be long, and what they have for `toString` need not be a function. */
function plainText(value: unknown): string {
  if (value === undefined || value === null) {
    return "";
  }
  return typeof value === "object" || typeof value === "function"
    ? typeof value
    : String(value).slice(0, LONGEST_VALUE);
}
