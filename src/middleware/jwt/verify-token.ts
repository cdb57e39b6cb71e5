import { errors, jwtVerify } from "jose";
import { chain, type MaybePromise } from "../../common/maybe-promise.ts";
import { type StandardSchema, validate } from "../../data/standard-schema.ts";
import type { ClaimRules, JwtClaims } from "./jwt-options.ts";
import { type KeySource, MOST_TRIES } from "./key-source.ts";

/** Why a token is not good, for those who look at the `cause` of a 401; clients learn nothing of it. */
export class BadTokenError extends Error {
  override readonly name = "BadTokenError";
}

/** A JWS in the compact form, which is all that is taken: a JWE has five parts (RFC 7516 §3.1). */
const COMPACT = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/**
 * The claims of a token that is good. Throws what `jose` throws for others, or a `BadTokenError`, and a
 * `KeysUnavailableError` when there are no keys to tell by.
 */
export async function verifiedClaims(
  token: string,
  findKey: KeySource,
  rules: ClaimRules,
): Promise<JwtClaims> {
  if (!COMPACT.test(token)) {
    throw new BadTokenError("It is no JWS in the compact form.");
  }
  const claims = (await verify(token, findKey, rules)) as JwtClaims;
  // `jose` looks at it only with a maximum age.
  if (claims.iat !== undefined && claims.iat > Date.now() / 1000 + rules.clockTolerance) {
    throw new BadTokenError("It was issued in the future.");
  }
  return claims;
}

async function verify(token: string, findKey: KeySource, rules: ClaimRules): Promise<object> {
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
