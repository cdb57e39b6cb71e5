import { assertOptions, wholeNumberOption } from "../../common/assert-options.ts";
import { describeValue } from "../../common/describe-value.ts";
import { permissionsPolicyText } from "./permissions-policy.ts";
import type { SecurityHeadersOptions } from "./security-headers-options.ts";

const OWNER = "SecurityHeadersLayer";

/** The values that a header can have, the default first. */
const CHOICES = {
  crossOriginEmbedderPolicy: [false, "require-corp", "credentialless", "unsafe-none"],
  crossOriginOpenerPolicy: [
    "same-origin",
    "same-origin-allow-popups",
    "noopener-allow-popups",
    "unsafe-none",
    false,
  ],
  crossOriginResourcePolicy: ["same-origin", "same-site", "cross-origin", false],
  dnsPrefetchControl: ["off", "on", false],
  frameOptions: ["SAMEORIGIN", "DENY", false],
  permittedCrossDomainPolicies: ["none", "master-only", "by-content-type", "all", false],
} as const;

const REFERRER_POLICIES: readonly unknown[] = [
  "no-referrer",
  "no-referrer-when-downgrade",
  "same-origin",
  "origin",
  "strict-origin",
  "origin-when-cross-origin",
  "strict-origin-when-cross-origin",
  "unsafe-url",
];

/**
 * All headers but the policies for content, those left out as `null`.
 *
 * Throws a `TypeError` or `RangeError` for a value that there is not.
 */
export function headerValues(
  options: SecurityHeadersOptions,
  isSecure: boolean,
): readonly (readonly [name: string, value: string | null])[] {
  const choice = (name: keyof typeof CHOICES) => choiceOf(name, options[name]);
  const strictTransport = strictTransportText(options.strictTransportSecurity);
  return [
    ["cross-origin-embedder-policy", choice("crossOriginEmbedderPolicy")],
    ["cross-origin-opener-policy", choice("crossOriginOpenerPolicy")],
    ["cross-origin-resource-policy", choice("crossOriginResourcePolicy")],
    ["origin-agent-cluster", flagged("originAgentCluster", options.originAgentCluster, "?1")],
    ["permissions-policy", objectOr("permissionsPolicy", options.permissionsPolicy, permissionsPolicyText)],
    ["referrer-policy", referrerPolicyText(options.referrerPolicy)],
    ["reporting-endpoints", objectOr("reportingEndpoints", options.reportingEndpoints, endpointsText)],
    ["strict-transport-security", isSecure ? strictTransport : null],
    ["x-content-type-options", flagged("contentTypeOptions", options.contentTypeOptions, "nosniff")],
    ["x-dns-prefetch-control", choice("dnsPrefetchControl")],
    ["x-frame-options", choice("frameOptions")],
    ["x-permitted-cross-domain-policies", choice("permittedCrossDomainPolicies")],
  ];
}

function choiceOf(name: keyof typeof CHOICES, value: unknown): string | null {
  const choices: readonly unknown[] = CHOICES[name];
  const preset = choices[0];
  // `true` switches a header that has a default back on.
  const chosen = value === undefined || (value === true && preset !== false) ? preset : value;
  if (!choices.includes(chosen)) {
    const all = choices.map((one) => JSON.stringify(one)).join(", ");
    const given = typeof value === "string" ? JSON.stringify(value) : describeValue(value);
    throw new TypeError(`${name} of ${OWNER} is one of ${all}, not ${given}.`);
  }
  return chosen === false ? null : (chosen as string);
}

function flagged(name: string, value: unknown, text: string): string | null {
  if (value !== undefined && typeof value !== "boolean") {
    throw new TypeError(`${name} of ${OWNER} is true or false, not ${describeValue(value)}.`);
  }
  return value === false ? null : text;
}

function referrerPolicyText(value: unknown): string | null {
  if (value === false) {
    return null;
  }
  const list: readonly unknown[] =
    value === undefined || value === true
      ? ["strict-origin-when-cross-origin"]
      : Array.isArray(value)
        ? value
        : [value];
  if (list.length === 0 || list.some((one) => !REFERRER_POLICIES.includes(one))) {
    throw new TypeError(
      `referrerPolicy of ${OWNER} is true, false, or one or a list of ${REFERRER_POLICIES.join(", ")}.`,
    );
  }
  return list.join(", ");
}

function objectOr<T extends object>(
  name: string,
  value: T | false | undefined,
  text: (value: T) => string,
): string | null {
  if (value === undefined || value === false) {
    return null;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new TypeError(`${name} of ${OWNER} is an object or false, not ${describeValue(value)}.`);
  }
  return text(value) || null;
}

const ENDPOINT_NAME = /^[a-z*][a-z\d_.*-]*$/;

/** A dictionary of structured fields (RFC 9651 §3.2), whose strings are visible ASCII. */
function endpointsText(endpoints: Readonly<Record<string, string>>): string {
  return Object.entries(endpoints as Readonly<Record<string, unknown>>)
    .map(([name, url]) => {
      if (!ENDPOINT_NAME.test(name)) {
        throw new TypeError(`reportingEndpoints has ${JSON.stringify(name)}: a name is in lower case.`);
      }
      if (typeof url !== "string" || !/^(?:https:\/|)\/[!#-[\]-~]+$/.test(url)) {
        throw new TypeError(
          `${name} of reportingEndpoints is a URL as in "https://example.com/reports", or a path, not ${typeof url === "string" ? JSON.stringify(url) : describeValue(url)}.`,
        );
      }
      return `${name}="${url}"`;
    })
    .join(", ");
}

const A_YEAR = 31_536_000;

function strictTransportText(options: SecurityHeadersOptions["strictTransportSecurity"]): string | null {
  if (options === false) {
    return null;
  }
  const owner = `strictTransportSecurity of ${OWNER}`;
  const given = options === true ? {} : (options ?? {});
  assertOptions(owner, given, ["maxAge", "includeSubDomains", "preload"]);
  const range = { least: 0, greatest: 100 * A_YEAR, preset: A_YEAR };
  const maxAge = wholeNumberOption(owner, "maxAge", given.maxAge, range);
  const includesSubDomains =
    flagged("includeSubDomains", given.includeSubDomains, "; includeSubDomains") ?? "";
  const preload = flagged("preload", given.preload ?? false, "; preload") ?? "";
  if (preload !== "" && (includesSubDomains === "" || maxAge < A_YEAR)) {
    throw new TypeError(
      `preload of ${owner} needs includeSubDomains and a maxAge of a year (hstspreload.org).`,
    );
  }
  return `max-age=${maxAge}${includesSubDomains}${preload}`;
}
