import { assertOptions, wholeNumberOption } from "../../common/assert-options.ts";
import { describeValue } from "../../common/describe-value.ts";
import type { MaybePromise } from "../../common/maybe-promise.ts";
import type { OneOrMany } from "../../common/one-or-many.ts";
import { isStandardSchema, type StandardSchema } from "../../data/standard-schema.ts";
import type { Args } from "../../request/args.ts";
import type { ExtensionKey } from "../../request/extensions.ts";
import type { RequestContext } from "../../request/request-context.ts";
import type { Verdict } from "../auth/principal-gate.ts";
import type { ScopesOf } from "../auth/scopes.ts";
import type { JwtAlgorithm } from "./algorithms.ts";
import type { KeySourceOptions } from "./key-source.ts";

/** The claims of a token (RFC 7519 §4.1) that no schema has checked. */
export interface JwtClaims {
  readonly iss?: string;
  readonly sub?: string;
  readonly aud?: string | readonly string[];
  /** In seconds since 1970, as `nbf` and `iat`. */
  readonly exp?: number;
  readonly nbf?: number;
  readonly iat?: number;
  readonly jti?: string;
  readonly [claim: string]: unknown;
}

export interface JwtAuthOptions<Claims extends object, Principal> extends KeySourceOptions {
  /** What tokens may be signed with: what the issuer uses, and nothing else. Required. */
  readonly algorithms: readonly JwtAlgorithm[];
  /** Who may have issued a token (`iss`). Required: `null`, for any, only if nobody else has a key of the same kind. */
  readonly issuer: OneOrMany<string> | null;
  /** Whom a token must be for (`aud`): the name of this service. Required: with `null` those of other services pass. */
  readonly audience: OneOrMany<string> | null;
  /** The `typ` of tokens, such as `"at+jwt"` (RFC 9068); then no ID token passes for an access token. Default: any. */
  readonly typ?: string;
  /** How many seconds the clocks of the issuer and of this server may differ. Default: 5. */
  readonly clockTolerance?: number;
  /** How many seconds after it was issued (`iat`) a token is no longer good, whatever its `exp` says. */
  readonly maxTokenAge?: number;
  /** Claims that every token must have, beside `exp`, which only `maxTokenAge` makes optional. Default: none. */
  readonly requiredClaims?: readonly string[];
  /** What the claims must be; a token with others is not good. Any Standard Schema, of zod, valibot, arktype… */
  readonly claims?: StandardSchema<unknown, Claims>;
  /**
   * Who the claims are of, as looked up in a database; `null`, `undefined` or `false` for nobody any more, which is a 401.
   * What it throws goes on outwards. Default: the claims are the principal.
   */
  validate?(claims: Claims, context: RequestContext, args: Args): MaybePromise<Verdict<Principal>>;
  /**
   * Where tokens come from. Default: `"bearer"`, the `Authorization` header. From a cookie they come with requests of
   * other sites, too: guard changes against CSRF.
   */
  readonly from?: "bearer" | { readonly cookie: string };
  /** What the challenge calls the protected space. Default: `"api"`. */
  readonly realm?: string;
  /** Whether requests without a token pass, too; one that is not good is a 401 all the same. Default: `false`. */
  readonly optional?: boolean;
  /** Where the principal is put for handlers that do not know this layer. Claims that do not fit its type need `validate`. */
  readonly principalKey?: ExtensionKey<Principal>;
  /** The scopes of a principal, for `requireScopes`. Default: `scope`, `scp` or `scopes` of the claims. */
  readonly scopesOf?: ScopesOf<Principal>;
  /** How many characters a token may have; a longer one is not good. Default: 8,192. */
  readonly maxTokenLength?: number;
}

/** Claims are a principal only where they fit its type: else somebody has to say who they are of. */
export type ValidateWhereNeeded<Claims extends object, Principal> = [Claims] extends [Principal]
  ? unknown
  : { readonly validate: NonNullable<JwtAuthOptions<Claims, Principal>["validate"]> };

const NAMES = [
  "key",
  "keys",
  "jwks",
  "algorithms",
  "issuer",
  "audience",
  "typ",
  "clockTolerance",
  "maxTokenAge",
  "requiredClaims",
  "claims",
  "validate",
  "from",
  "realm",
  "optional",
  "principalKey",
  "scopesOf",
  "maxTokenLength",
];

/** What `jose` checks claims by. */
export interface ClaimRules {
  readonly algorithms: string[];
  readonly issuer?: string[];
  readonly audience?: string[];
  readonly typ?: string;
  readonly clockTolerance: number;
  readonly maxTokenAge?: number;
  readonly requiredClaims: string[];
}

/** Throws a `TypeError` or a `RangeError` for options that cannot be meant, apart from keys and algorithms. */
export function claimRules<Claims extends object, Principal>(
  owner: string,
  options: JwtAuthOptions<Claims, Principal>,
): ClaimRules {
  assertOptions(owner, options, NAMES);
  const { claims, validate, typ, maxTokenAge } = options;
  if ("claims" in options && !isStandardSchema(claims)) {
    throw new TypeError(
      `claims of ${owner} is a Standard Schema, as of zod, valibot or arktype, not ${describeValue(claims)}.`,
    );
  }
  if (validate !== undefined && typeof validate !== "function") {
    throw new TypeError(`validate of ${owner} is a function of the claims, not ${describeValue(validate)}.`);
  }
  const seconds = (name: "clockTolerance" | "maxTokenAge", least: number, greatest: number, preset: number) =>
    wholeNumberOption(owner, name, options[name], { least, greatest, preset });
  const issuer = names(owner, "issuer", options.issuer);
  const audience = names(owner, "audience", options.audience);
  const required = textList(owner, "requiredClaims", options.requiredClaims ?? []);
  return {
    algorithms: [...options.algorithms],
    clockTolerance: seconds("clockTolerance", 0, 300, 5),
    requiredClaims: maxTokenAge === undefined ? ["exp", ...required] : required,
    ...(issuer === null ? {} : { issuer }),
    ...(audience === null ? {} : { audience }),
    ...(typ === undefined ? {} : { typ: textList(owner, "typ", [typ])[0] as string }),
    ...(maxTokenAge === undefined ? {} : { maxTokenAge: seconds("maxTokenAge", 1, 34_560_000, 1) }),
  };
}

function names(owner: string, option: "issuer" | "audience", value: unknown): string[] | null {
  if (value === undefined) {
    throw new TypeError(
      `${option} of ${owner} is required: write whom tokens must be ${option === "issuer" ? "from" : "for"}, or null to take those of everybody.`,
    );
  }
  const list = value === null ? null : Array.isArray(value) ? value : [value];
  if (list?.length === 0) {
    throw new TypeError(`${option} of ${owner} is an empty list: no token would be good.`);
  }
  return list === null ? null : textList(owner, option, list);
}

function textList(owner: string, option: string, value: unknown): string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  const wrong = list.findIndex((item) => typeof item !== "string" || item === "");
  if (wrong >= 0) {
    throw new TypeError(
      `${option} of ${owner} is text, not ${list[wrong] === "" ? '""' : describeValue(list[wrong])}.`,
    );
  }
  return [...(list as readonly string[])];
}
