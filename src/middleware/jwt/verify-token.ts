import type * as nodeCrypto from "node:crypto";
import { errors, jwtVerify } from "jose";
import { builtinModule } from "../../common/builtin-module.ts";
import { chain, type MaybePromise } from "../../common/maybe-promise.ts";
import { type StandardSchema, validate } from "../../data/standard-schema.ts";
import { checkedAlgorithms } from "./algorithms.ts";
import { type ClaimRules, claimRules, type JwtAuthOptions, type JwtClaims } from "./jwt-options.ts";
import { type FindKey, keySource, MOST_TRIES } from "./key-source.ts";
import { SecretVerifier } from "./secret-verifier.ts";

/** Why a token is not good, for those who look at the `cause` of a 401; clients learn nothing of it. */
export class BadTokenError extends Error {
  override readonly name = "BadTokenError";
}

/** A JWS in the compact form, which is all that is taken: a JWE has five parts (RFC 7516 §3.1). */
const COMPACT = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** What tokens are checked by. */
export interface TokenRules {
  readonly findKey: FindKey;
  readonly claims: ClaimRules;
  /** For tokens that are signed with a secret, where the runtime can do that at once. */
  readonly verifier: SecretVerifier | undefined;
}

/** Throws a `TypeError` or a `RangeError` for options that cannot be meant. */
export function tokenRules<Claims extends object, Principal>(
  owner: string,
  options: JwtAuthOptions<Claims, Principal>,
): TokenRules {
  const algorithms = checkedAlgorithms(owner, (options as Partial<typeof options> | undefined)?.algorithms);
  const claims = claimRules(owner, options);
  const { find, secrets } = keySource(owner, options, algorithms);
  const crypto = secrets.length > 0 ? builtinModule<typeof nodeCrypto>("node:crypto") : undefined;
  const verifier = crypto === undefined ? undefined : new SecretVerifier(crypto, secrets, claims);
  return { findKey: find, claims, verifier };
}

/**
 * The claims of a token that is good; not later where it is signed with a secret. Throws what `jose` throws for others, or a
 * `BadTokenError`, and a `KeysUnavailableError` when there are no keys to tell by.
 */
export function verifiedClaims(token: string, rules: TokenRules): MaybePromise<JwtClaims> {
  if (!COMPACT.test(token)) {
    throw new BadTokenError("It is no JWS in the compact form.");
  }
  const claims = rules.verifier?.claimsOf(token) ?? verify(token, rules.findKey, rules.claims);
  return chain(claims as MaybePromise<JwtClaims>, (verified) => {
    // `jose` looks at it only with a maximum age.
    if (verified.iat !== undefined && verified.iat > Date.now() / 1000 + rules.claims.clockTolerance) {
      throw new BadTokenError("It was issued in the future.");
    }
    return verified;
  });
}

async function verify(token: string, findKey: FindKey, rules: ClaimRules): Promise<object> {
  try {
    return (await jwtVerify(token, findKey, rules)).payload;
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) {
      throw error;
    }
    return verifyWithAny(token, error, rules);
  }
}

/** Several keys fit: the token has no `kid`, or one key is being replaced by another. */
async function verifyWithAny(
  token: string,
  keys: InstanceType<typeof errors.JWKSMultipleMatchingKeys>,
  rules: ClaimRules,
): Promise<object> {
  let tries = 0;
  for await (const key of keys) {
    try {
      return (await jwtVerify(token, key, rules)).payload;
    } catch (error) {
      tries++;
      if (!(error instanceof errors.JWSSignatureVerificationFailed) || tries === MOST_TRIES) {
        throw error;
      }
    }
  }
  throw new BadTokenError("None of the keys has signed it.");
}

/** What a schema makes of claims, or a `BadTokenError`. */
export function fittingClaims<Claims extends object>(
  claims: JwtClaims,
  schema: StandardSchema<unknown, Claims> | undefined,
): MaybePromise<Claims> {
  if (schema === undefined) {
    return claims as unknown as Claims;
  }
  return chain(
    validate(schema, claims, (issues) => {
      const list = issues.map(({ path, message }) => `${path}: ${message}`).join("; ");
      return new BadTokenError(`Its claims do not fit: ${list}`);
    }),
    (fitting) => fitting,
  );
}

/** Whether an error says that the token is at fault, and not the server. */
export function isBadToken(error: unknown): boolean {
  return error instanceof BadTokenError || error instanceof errors.JOSEError;
}
