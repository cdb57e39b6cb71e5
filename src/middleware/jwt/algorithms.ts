import { describeValue } from "../../common/describe-value.ts";

/** Those of RFC 7518 and RFC 8037 that sign, with `Ed25519` of RFC 9864. `none` is not among them. */
export type JwtAlgorithm =
  | "HS256"
  | "HS384"
  | "HS512"
  | "RS256"
  | "RS384"
  | "RS512"
  | "PS256"
  | "PS384"
  | "PS512"
  | "ES256"
  | "ES384"
  | "ES512"
  | "EdDSA"
  | "Ed25519";

/** For secrets: how many bytes one must have at least, as many as the hash has (RFC 7518 §3.2). */
const SECRET_BYTES: Readonly<Record<string, number>> = { HS256: 32, HS384: 48, HS512: 64 };
/** For public keys: what their `kty` is. */
const KEY_TYPES: Readonly<Record<string, string>> = {
  RS256: "RSA",
  RS384: "RSA",
  RS512: "RSA",
  PS256: "RSA",
  PS384: "RSA",
  PS512: "RSA",
  ES256: "EC",
  ES384: "EC",
  ES512: "EC",
  EdDSA: "OKP",
  Ed25519: "OKP",
};

/** For public keys that lie on a curve: what their `crv` is (RFC 7518 §3.4, RFC 8037 §3.1). */
const CURVES: Readonly<Record<string, string>> = {
  ES256: "P-256",
  ES384: "P-384",
  ES512: "P-521",
  EdDSA: "Ed25519",
  Ed25519: "Ed25519",
};

/** Algorithms that have been checked: all for secrets, or all for public keys. */
export interface Algorithms {
  readonly names: readonly JwtAlgorithm[];
  /** How long a secret must be, in bytes; 0 where keys are public ones. */
  readonly secretBytes: number;
  /** Which `kty` a public key may have. */
  readonly keyTypes: ReadonlySet<string>;
  /** Which `crv` one may have that is not of RSA. */
  readonly curves: ReadonlySet<string>;
}

/**
 * Throws a `TypeError` for algorithms that there are not, for `none`, and for secrets and public keys in one list: who may
 * choose between them signs with the public key as the secret (RFC 8725 §2.1).
 */
export function checkedAlgorithms(owner: string, algorithms: unknown): Algorithms {
  if (!Array.isArray(algorithms) || algorithms.length === 0) {
    throw new TypeError(
      `algorithms of ${owner} is a list such as ["RS256"], with what your issuer signs with, not ${describeValue(algorithms)}: it has no default, since a token must not choose.`,
    );
  }
  for (const name of algorithms) {
    if (typeof name !== "string" || !(Object.hasOwn(SECRET_BYTES, name) || Object.hasOwn(KEY_TYPES, name))) {
      const given = typeof name === "string" ? JSON.stringify(name) : describeValue(name);
      throw new TypeError(
        `algorithms of ${owner} has ${given}: there are ${[...Object.keys(SECRET_BYTES), ...Object.keys(KEY_TYPES)].join(", ")}.`,
      );
    }
  }
  const names = algorithms as JwtAlgorithm[];
  const forSecrets = names.filter((name) => Object.hasOwn(SECRET_BYTES, name));
  if (forSecrets.length > 0 && forSecrets.length < names.length) {
    throw new TypeError(
      `algorithms of ${owner} mixes those for secrets (${forSecrets.join(", ")}) with those for public keys: anybody could sign with the public key as the secret. Use two layers with dynStack, or one kind.`,
    );
  }
  return {
    names: [...names],
    secretBytes: Math.max(0, ...forSecrets.map((name) => SECRET_BYTES[name] as number)),
    keyTypes: new Set(names.flatMap((name) => KEY_TYPES[name] ?? [])),
    curves: new Set(names.flatMap((name) => CURVES[name] ?? [])),
  };
}
