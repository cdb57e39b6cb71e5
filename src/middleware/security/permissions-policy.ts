import { describeValue } from "../../common/describe-value.ts";

/**
 * Who may use a feature of the browser: nobody (`[]`), everybody (`"*"`), or a list of `"self"`, `"src"` (in `<iframe allow>`)
 * and origins.
 */
export type PermissionsPolicy = Readonly<Record<string, "*" | readonly string[]>>;

const FEATURE = /^[a-z]+(?:-[a-z\d]+)*$/;
const ORIGIN = /^https?:\/\/(?:\*\.)?[a-z\d.[\]:-]+(?::\d+)?$/;

/** The header, a dictionary of structured fields (RFC 9651 §3.2). Throws a `TypeError` for what is no policy. */
export function permissionsPolicyText(policy: PermissionsPolicy): string {
  const entries = Object.entries(policy as Readonly<Record<string, unknown>>);
  return entries.map(([feature, allowed]) => featureText(feature, allowed)).join(", ");
}

function featureText(feature: string, allowed: unknown): string {
  if (!FEATURE.test(feature)) {
    throw new TypeError(`permissionsPolicy has ${JSON.stringify(feature)}, which is no name of a feature.`);
  }
  if (allowed === "*") {
    return `${feature}=*`;
  }
  if (!Array.isArray(allowed)) {
    throw new TypeError(
      `${feature} of permissionsPolicy is a list or "*", not ${describeValue(allowed)}: write [] for nobody, ["self"] for this origin.`,
    );
  }
  return `${feature}=(${allowed.map((one: unknown) => memberText(feature, one)).join(" ")})`;
}

function memberText(feature: string, member: unknown): string {
  if (member === "self" || member === "src") {
    return member;
  }
  if (typeof member !== "string" || !ORIGIN.test(member)) {
    const text = typeof member === "string" ? JSON.stringify(member) : describeValue(member);
    throw new TypeError(
      `${feature} of permissionsPolicy has ${text}: write "self", "src" or an origin, as in "https://example.com".`,
    );
  }
  return `"${member}"`;
}
