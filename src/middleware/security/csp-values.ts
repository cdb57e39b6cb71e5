import { describeValue } from "../../common/describe-value.ts";
import type { CspDirectiveValue, DirectiveKind } from "./csp-directives.ts";

/** Visible ASCII without what would end a source, a directive or a policy (CSP3 §2.2, §2.3). */
const SOURCE = /^[!-+\--:<-~]+$/;
const QUOTED =
  /^'(?:self|none|unsafe-inline|unsafe-eval|unsafe-hashes|wasm-unsafe-eval|strict-dynamic|report-sample|inline-speculation-rules|sha(?:256|384|512)-[A-Za-z\d+/_-]+={0,2})'$/;
const UNQUOTED =
  /^(?:self|none|unsafe-inline|unsafe-eval|unsafe-hashes|wasm-unsafe-eval|strict-dynamic|report-sample|inline-speculation-rules|nonce|(?:nonce|sha(?:256|384|512))-.*)$/;
/** `*` alone is a name that trusted types know. */
const TOKEN = /^[A-Za-z\d'*#=_/@.%-]+$/;
const REPORT_NAME = /^[a-z*][a-z\d_.*-]*$/;

/**
 * One directive as a policy has it.
 *
 * Throws a `TypeError` for values that a browser would not read as what they are.
 */
export function directiveText(
  owner: string,
  name: string,
  kind: DirectiveKind,
  value: CspDirectiveValue,
): string {
  const refuse = (advice: string): never => {
    throw new TypeError(`${name} of ${owner} ${advice}`);
  };
  if (value === true) {
    return kind === "flag" || name === "sandbox" ? name : refuse("takes a list: write [\"'self'\"].");
  }
  if (kind === "name") {
    return typeof value === "string" && REPORT_NAME.test(value)
      ? `${name} ${value}`
      : refuse("is the name of one of the reportingEndpoints, in lower case.");
  }
  if (kind === "flag" || !Array.isArray(value)) {
    return refuse(kind === "flag" ? "is true or false." : `is a list, not ${describeValue(value)}.`);
  }
  for (const item of value as readonly unknown[]) {
    if (typeof item !== "string") {
      return refuse(`has ${describeValue(item)}, where there are only strings.`);
    }
    const problem = kind === "tokens" ? tokenProblem(item) : sourceProblem(item);
    if (problem !== undefined) {
      refuse(`has ${JSON.stringify(item)}: ${problem}`);
    }
  }
  return textOfList(name, kind, value, refuse);
}

function textOfList(
  name: string,
  kind: DirectiveKind,
  items: readonly string[],
  refuse: (advice: string) => never,
): string {
  if (items.includes("'none'") && items.length > 1) {
    refuse("has 'none' beside others, which browsers ignore then.");
  }
  if (items.length === 0 && kind !== "sources") {
    return kind === "uris" ? refuse("is empty: leave it out.") : name;
  }
  return `${name} ${items.length === 0 ? "'none'" : items.join(" ")}`;
}

function sourceProblem(source: string): string | undefined {
  if (!SOURCE.test(source)) {
    return "a source has no spaces, semicolons, commas, line breaks or characters beyond ASCII. Write each one by itself, and encode the others.";
  }
  if (UNQUOTED.test(source)) {
    return `without quotes it is a host of that name: write "'${source}'".`;
  }
  if (source.startsWith("'nonce-")) {
    return `a nonce that stays the same protects nothing: write "'nonce'", and cspNonce(context) where the page is made.`;
  }
  if (source.includes("'") && !QUOTED.test(source)) {
    return "there is no such keyword or hash.";
  }
  return undefined;
}

function tokenProblem(token: string): string | undefined {
  return TOKEN.test(token) ? undefined : "it is no name.";
}
