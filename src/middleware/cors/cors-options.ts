import { assertOptions, wholeNumberOption } from "../../common/assert-options.ts";
import { describeValue } from "../../common/describe-value.ts";
import type { AllowedOrigins } from "../origins/compile-origins.ts";

export interface CorsOptions {
  /**
   * The origins whose pages may read responses: `"*"` for all of them, or
   * - origins: `"https://example.com"`, `"https://*.example.com"` (subdomains), `"http://localhost:*"` (any port);
   * - a regex that matches the whole origin, written as `/^…$/`;
   * - an array of these;
   * - a function of the origin and the context, which returns `true` to allow it, at once or later.
   */
  readonly origins: "*" | AllowedOrigins;
  /**
   * The methods of requests that need a preflight; `GET`, `HEAD` and `POST` are always allowed by browsers. By default those that the
   * resource has, and whatever is asked for where any method is answered, or nothing is there.
   */
  readonly methods?: "*" | readonly string[];
  /** The request headers that pages may set, besides the few that they always may. By default all that are asked for. */
  readonly allowedHeaders?: "*" | readonly string[];
  /** The response headers that pages may read, besides the few that they always may. None by default. */
  readonly exposedHeaders?: "*" | readonly string[];
  /**
   * Whether pages may send cookies and other credentials, and read the response. Default `false`. Then `"*"` is refused everywhere,
   * which browsers do not take for a wildcard in this case, and so is the origin `"null"`.
   */
  readonly credentials?: boolean;
  /** How long browsers may remember the answer to a preflight, in seconds, up to a day. They take 5 s without it, and Chromium 2 h at most. */
  readonly maxAge?: number;
  /** Whether pages of public sites may reach this server in a private network. Default `false`. */
  readonly privateNetwork?: boolean;
}

/** Options in the form in which headers are made of them. */
export interface CorsSettings {
  readonly origins: "*" | AllowedOrigins;
  /** As the header has them; `undefined` for the default. */
  readonly methods: string | undefined;
  readonly allowedHeaders: string | undefined;
  readonly exposedHeaders: string | undefined;
  readonly credentials: boolean;
  readonly maxAge: string | undefined;
  readonly privateNetwork: boolean;
}

const OWNER = "CorsLayer";
const NAMES = [
  "origins",
  "methods",
  "allowedHeaders",
  "exposedHeaders",
  "credentials",
  "maxAge",
  "privateNetwork",
] as const;
const A_DAY = 86_400;

/** RFC 9110 §5.6.2: methods and field names are tokens. */
const TOKEN = /^[!#$%&'*+\-.^_`|~\dA-Za-z]+$/;

/** Throws a `TypeError` or `RangeError` for options that are none, or contradict each other. */
export function corsSettings(options: CorsOptions): CorsSettings {
  assertOptions(OWNER, options, NAMES);
  const { origins, methods, allowedHeaders, exposedHeaders, maxAge } = options;
  if (origins === undefined) {
    throw new TypeError(
      'CorsLayer needs origins: write { origins: ["https://app.example.com"] }, or "*" for what everybody may read.',
    );
  }
  const credentials = flag("credentials", options.credentials);
  const lists = { origins, methods, allowedHeaders, exposedHeaders };
  for (const [name, value] of Object.entries(lists)) {
    const isWild = value === "*" || (Array.isArray(value) && value.includes("*"));
    if (credentials && isWild) {
      throw new TypeError(
        `${name} of CorsLayer cannot be "*" with credentials, where browsers do not take it for a wildcard (Fetch Standard, CORS protocol): list what is allowed.`,
      );
    }
    if (isWild && value !== "*") {
      throw new TypeError(`"*" allows everything: write ${name}: "*", without a list.`);
    }
  }
  return {
    origins,
    methods: listOf("methods", methods),
    allowedHeaders: listOf("allowedHeaders", allowedHeaders),
    exposedHeaders: listOf("exposedHeaders", exposedHeaders),
    credentials,
    maxAge: maxAge === undefined ? undefined : secondsOf(maxAge),
    privateNetwork: flag("privateNetwork", options.privateNetwork),
  };
}

function flag(name: string, value: unknown): boolean {
  if (value !== undefined && typeof value !== "boolean") {
    throw new TypeError(`${name} of ${OWNER} is true or false, not ${describeValue(value)}.`);
  }
  return value === true;
}

function secondsOf(maxAge: unknown): string {
  return String(wholeNumberOption(OWNER, "maxAge", maxAge, { least: 0, greatest: A_DAY, preset: 0 }));
}

function listOf(name: string, value: unknown): string | undefined {
  if (value === undefined || value === "*") {
    return value;
  }
  if (!Array.isArray(value)) {
    throw new TypeError(
      `${name} of ${OWNER} is an array of names, or "*", not ${describeValue(value)}: write ["X-Name"].`,
    );
  }
  const wrong = value.find((item) => typeof item !== "string" || !TOKEN.test(item));
  if (wrong !== undefined) {
    const text = typeof wrong === "string" ? JSON.stringify(wrong) : describeValue(wrong);
    throw new TypeError(`${name} of ${OWNER} has ${text}, which is no name (RFC 9110 §5.6.2).`);
  }
  if (name === "methods" && value.some((method) => LOWER_CASE.test(method as string))) {
    throw new TypeError('Methods are written in upper case, as in "PATCH" (RFC 9110 §9.1).');
  }
  return value.join(", ");
}

const LOWER_CASE = /^(?:get|head|post|put|patch|delete|options|trace|connect)$/;
