import type { CspOptions } from "./csp-policy.ts";
import type { PermissionsPolicy } from "./permissions-policy.ts";

type ReferrerPolicy =
  | "no-referrer"
  | "no-referrer-when-downgrade"
  | "same-origin"
  | "origin"
  | "strict-origin"
  | "origin-when-cross-origin"
  | "strict-origin-when-cross-origin"
  | "unsafe-url";

export interface StrictTransportSecurity {
  /** For how long, in seconds. Default 31,536,000, a year. */
  readonly maxAge?: number;
  /** Default `true`. */
  readonly includeSubDomains?: boolean;
  /** Consents to being built into browsers (hstspreload.org), which is hard to take back. Default `false`. */
  readonly preload?: boolean;
}

/**
 * Each header can be left out with `false`, those of layers further out included. For those that are on by default, `true`
 * is their default.
 */
export interface SecurityHeadersOptions {
  /** What a page may load and run. Its default: everything from the own origin only, see the chapter. */
  readonly contentSecurityPolicy?: CspOptions | boolean;
  /** A second policy, which browsers only report on. Off by default. */
  readonly contentSecurityPolicyReportOnly?: CspOptions | false;
  /** Off by default: with it nothing loads that does not consent. */
  readonly crossOriginEmbedderPolicy?: "require-corp" | "credentialless" | "unsafe-none" | false;
  /** Default `"same-origin"`: pages that open this one, or are opened by it, from elsewhere have no hold of it. */
  readonly crossOriginOpenerPolicy?:
    | "same-origin"
    | "same-origin-allow-popups"
    | "noopener-allow-popups"
    | "unsafe-none"
    | boolean;
  /** Default `"same-origin"`: pages of others cannot embed what is answered. */
  readonly crossOriginResourcePolicy?: "same-origin" | "same-site" | "cross-origin" | boolean;
  /** Default `true`: a process for this origin alone, where the browser can. */
  readonly originAgentCluster?: boolean;
  /** Off by default. Features with who may use them: `{ camera: [], geolocation: ["self"], fullscreen: "*" }`. */
  readonly permissionsPolicy?: PermissionsPolicy | false;
  /**
   * Default `"strict-origin-when-cross-origin"`, as in browsers: others learn the origin, but not from HTTPS to HTTP. With
   * `"no-referrer"` forms of one's own pages come with `Origin: null` (Fetch Standard, "Origin header"), and over HTTP to another host than
   * localhost a `CsrfLayer` refuses them. Of a list, browsers take the last one that they know.
   */
  readonly referrerPolicy?: ReferrerPolicy | readonly ReferrerPolicy[] | boolean;
  /** Off by default. Where browsers send their reports, by name: `{ csp: "https://example.com/reports" }`. */
  readonly reportingEndpoints?: Readonly<Record<string, string>> | false;
  /** Sent over HTTPS only, as RFC 6797 §7.2 demands. Default: a year, subdomains included. */
  readonly strictTransportSecurity?: StrictTransportSecurity | boolean;
  /** Default `true`: `nosniff`, so that browsers believe the `Content-Type`. */
  readonly contentTypeOptions?: boolean;
  /** Default `"off"`. */
  readonly dnsPrefetchControl?: "off" | "on" | boolean;
  /** Default `"SAMEORIGIN"`, for browsers that do not know `frame-ancestors`. */
  readonly frameOptions?: "DENY" | "SAMEORIGIN" | boolean;
  /** Default `"none"`: for PDF readers. */
  readonly permittedCrossDomainPolicies?: "none" | "master-only" | "by-content-type" | "all" | boolean;
}

/** The header of each option. */
export const HEADER_NAMES: Readonly<Record<keyof SecurityHeadersOptions, string>> = {
  contentSecurityPolicy: "content-security-policy",
  contentSecurityPolicyReportOnly: "content-security-policy-report-only",
  crossOriginEmbedderPolicy: "cross-origin-embedder-policy",
  crossOriginOpenerPolicy: "cross-origin-opener-policy",
  crossOriginResourcePolicy: "cross-origin-resource-policy",
  originAgentCluster: "origin-agent-cluster",
  permissionsPolicy: "permissions-policy",
  referrerPolicy: "referrer-policy",
  reportingEndpoints: "reporting-endpoints",
  strictTransportSecurity: "strict-transport-security",
  contentTypeOptions: "x-content-type-options",
  dnsPrefetchControl: "x-dns-prefetch-control",
  frameOptions: "x-frame-options",
  permittedCrossDomainPolicies: "x-permitted-cross-domain-policies",
};
