/** The request's own nonce: see `cspNonce`. */
export const NONCE_SOURCE = "'nonce'";

type Keyword =
  | "'self'"
  | "'none'"
  | "'unsafe-inline'"
  | "'unsafe-eval'"
  | "'unsafe-hashes'"
  | "'wasm-unsafe-eval'"
  | "'strict-dynamic'"
  | "'report-sample'"
  | "'inline-speculation-rules'"
  | "'nonce'";

/**
 * A source of a fetch directive: a keyword in its single quotes, `'nonce'` for the request's own nonce, a hash as in
 * `'sha256-…'`, a scheme (`"https:"`, `"data:"`) or a host (`"https://cdn.example.com"`, `"*.example.com"`).
 */
export type CspSource = Keyword | (string & {});

type SourceDirective =
  | "default-src"
  | "child-src"
  | "connect-src"
  | "fenced-frame-src"
  | "font-src"
  | "frame-src"
  | "img-src"
  | "manifest-src"
  | "media-src"
  | "object-src"
  | "script-src"
  | "script-src-elem"
  | "script-src-attr"
  | "style-src"
  | "style-src-elem"
  | "style-src-attr"
  | "worker-src"
  | "base-uri"
  | "form-action"
  | "frame-ancestors";

/**
 * The directives of a policy (CSP Level 3). `false` leaves a default out; an array without items is `'none'`.
 */
export type CspDirectives = {
  readonly [Name in SourceDirective]?: readonly CspSource[] | false;
} & {
  readonly "upgrade-insecure-requests"?: boolean;
  /** `true`, or what is allowed all the same: `["allow-scripts"]`. */
  readonly sandbox?: boolean | readonly string[];
  readonly "require-trusted-types-for"?: readonly "'script'"[] | false;
  /** The names of policies, or none. */
  readonly "trusted-types"?: readonly string[] | false;
  /** One of the `reportingEndpoints`. */
  readonly "report-to"?: string | false;
  /** For browsers without `report-to`. */
  readonly "report-uri"?: readonly string[] | false;
};

export type CspDirectiveName = keyof CspDirectives;
export type CspDirectiveValue = boolean | string | readonly string[];

/** Which value a directive takes. */
export type DirectiveKind = "sources" | "flag" | "tokens" | "name" | "uris";

const SOURCES: readonly SourceDirective[] = [
  "default-src",
  "child-src",
  "connect-src",
  "fenced-frame-src",
  "font-src",
  "frame-src",
  "img-src",
  "manifest-src",
  "media-src",
  "object-src",
  "script-src",
  "script-src-elem",
  "script-src-attr",
  "style-src",
  "style-src-elem",
  "style-src-attr",
  "worker-src",
  "base-uri",
  "form-action",
  "frame-ancestors",
];

const OTHERS: Readonly<Record<Exclude<CspDirectiveName, SourceDirective>, DirectiveKind>> = {
  "upgrade-insecure-requests": "flag",
  sandbox: "tokens",
  "require-trusted-types-for": "tokens",
  "trusted-types": "tokens",
  "report-to": "name",
  "report-uri": "uris",
};

/** Which value a directive takes; `undefined` for one that there is not. */
export function kindOfDirective(name: string): DirectiveKind | undefined {
  if ((SOURCES as readonly string[]).includes(name)) {
    return "sources";
  }
  return Object.hasOwn(OTHERS, name) ? OTHERS[name as keyof typeof OTHERS] : undefined;
}

export function directiveNames(): readonly string[] {
  return [...SOURCES, ...Object.keys(OTHERS)];
}

/** Only what comes with the page runs, no plugins, no frames around it; styles may be inline, and images and fonts, too. */
export const DEFAULT_DIRECTIVES: CspDirectives = {
  "default-src": ["'self'"],
  "base-uri": ["'self'"],
  "font-src": ["'self'", "data:"],
  "form-action": ["'self'"],
  "frame-ancestors": ["'self'"],
  "img-src": ["'self'", "data:"],
  "object-src": ["'none'"],
  "script-src": ["'self'"],
  "script-src-attr": ["'none'"],
  "style-src": ["'self'", "'unsafe-inline'"],
};
