import type { errors } from "jose";
import { chain, type MaybePromise } from "../../common/maybe-promise.ts";
import { type StandardSchema, validate } from "../../data/standard-schema.ts";
import type { ClaimRules, JwtClaims } from "./jwt-options.ts";
import { type KeySource, type KeySourceMaker, MOST_TRIES } from "./key-source.ts";
import { type Jose, loadJose } from "./load-jose.ts";

/** Why a token is not good, for those who look at the `cause` of a 401; clients learn nothing of it. */
export class BadTokenError extends Error {
  override readonly name = "BadTokenError";
}

/** A JWS in the compact form, which is all that is taken: a JWE has five parts (RFC 7516 §3.1). */
const COMPACT = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** All that tokens are checked with. */
export interface TokenCheck {
  readonly jose: Jose;
  readonly findKey: KeySource;
  readonly rules: ClaimRules;
}

/** Rejects with a `JwtPackageError` (`ARGANIA_JWT_PACKAGE`). */
export function tokenCheck(makeSource: KeySourceMaker, rules: ClaimRules): MaybePromise<TokenCheck> {
  return chain(loadJose(), (jose) => ({ jose, findKey: makeSource(jose), rules }));
}

/**
 * The claims of a token that is good. Throws what `jose` throws for others, or a `BadTokenError`, and a
 * `KeysUnavailableError` when there are no keys to tell by.
 */
export async function verifiedClaims(token: string, check: TokenCheck): Promise<JwtClaims> {
  if (!COMPACT.test(token)) {
    throw new BadTokenError("It is no JWS in the compact form.");
  }
  const claims = (await verify(token, check)) as JwtClaims;
  // `jose` looks at it only with a maximum age.
  if (claims.iat !== undefined && claims.iat > Date.now() / 1000 + check.rules.clockTolerance) {
    throw new BadTokenError("It was issued in the future.");
  }
  return claims;
}

async function verify(token: string, check: TokenCheck): Promise<object> {
  const { jose, findKey, rules } = check;
  try {
    return (await jose.jwtVerify(token, findKey, rules)).payload;
  } catch (error) {
    if (!(error instanceof jose.errors.JWKSMultipleMatchingKeys)) {
      throw error;
    }
    return verifyWithAny(token, error, check);
  }
}

/** Several keys fit: the token has no `kid`, or one key is being replaced by another. */
async function verifyWithAny(
  token: string,
  keys: InstanceType<typeof errors.JWKSMultipleMatchingKeys>,
  { jose, rules }: TokenCheck,
): Promise<object> {
  let tries = 0;
  for await (const key of keys) {
    try {
      return (await jose.jwtVerify(token, key, rules)).payload;
    } catch (error) {
      tries++;
      if (!(error instanceof jose.errors.JWSSignatureVerificationFailed) || tries === MOST_TRIES) {
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
export function isBadToken(error: unknown, { jose }: TokenCheck): boolean {
  return error instanceof BadTokenError || error instanceof jose.errors.JOSEError;
}
