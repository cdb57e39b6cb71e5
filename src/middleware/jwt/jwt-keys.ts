import type * as nodeCrypto from "node:crypto";
import { builtinModule } from "../../common/builtin-module.ts";
import { describeValue } from "../../common/describe-value.ts";
import type { Algorithms } from "./algorithms.ts";

/** A JSON Web Key (RFC 7517 §4) with a public key. */
export interface PublicJwk {
  readonly kty?: string | undefined;
  readonly kid?: string | undefined;
  readonly alg?: string | undefined;
  readonly crv?: string | undefined;
  readonly x?: string | undefined;
  readonly y?: string | undefined;
  readonly n?: string | undefined;
  readonly e?: string | undefined;
}

/** A `KeyObject` of `node:crypto`, or a `CryptoKey`; the latter only where there is `node:crypto`. */
export interface PlatformKey {
  readonly type: string;
}

/**
 * A key to check signatures with. For `HS…` a secret: bytes, or text in UTF-8. For the others a public key: a JWK, a
 * PEM (`-----BEGIN PUBLIC KEY-----`), a `KeyObject` or a `CryptoKey`.
 */
export type JwtKey = string | Uint8Array | PublicJwk | PlatformKey;

/** What is sent of a private key would be a leak waiting to happen. */
const PRIVATE_MEMBERS = ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"];
/** RFC 7518 §3.3, in bytes. */
const SHORTEST_MODULUS = 256;

/**
 * The bytes of a secret.
 *
 * Throws a `TypeError` for what is none, a `RangeError` for one that is too short to be safe.
 */
export function secretBytes(
  owner: string,
  key: unknown,
  { names, secretBytes: least }: Algorithms,
): Uint8Array {
  const bytes = bytesOf(key);
  const isKeyFile =
    bytes !== undefined && /-----BEGIN /.test(new TextDecoder("latin1").decode(bytes.subarray(0, 64)));
  if (bytes === undefined || isKeyFile) {
    throw new TypeError(
      `${names.join(", ")} of ${owner} take a secret, text or bytes, not ${isKeyFile ? "a PEM: a public key as a secret is known to everybody" : describeValue(key)}.`,
    );
  }
  if (bytes.length < least) {
    throw new RangeError(
      `A secret of ${owner} has ${bytes.length} bytes, and ${least} at least are needed for ${names.join(", ")} (RFC 7518 §3.2). Make one with: node -p "crypto.randomBytes(${least}).toString('base64url')"`,
    );
  }
  return bytes;
}

function bytesOf(key: unknown): Uint8Array | undefined {
  if (typeof key === "string") {
    return new TextEncoder().encode(key);
  }
  if (key instanceof Uint8Array) {
    return new Uint8Array(key);
  }
  const { type, export: toBytes } = (key ?? {}) as Partial<nodeCrypto.KeyObject>;
  return type === "secret" && typeof toBytes === "function"
    ? (key as nodeCrypto.KeyObject).export()
    : undefined;
}

/**
 * A public key as a JWK.
 *
 * Throws a `TypeError` for what is none, is of a wrong type or private, a `RangeError` for an RSA key that is too short.
 */
export function publicJwk(owner: string, key: unknown, algorithms: Algorithms): PublicJwk {
  const { names, keyTypes } = algorithms;
  const jwk = isJwk(key) ? { ...key } : exported(owner, key, names);
  const secret = PRIVATE_MEMBERS.find((member) => Object.hasOwn(jwk, member));
  if (secret !== undefined) {
    throw new TypeError(
      `A key of ${owner} is private or secret (it has "${secret}"): give the public key, which is all that checking takes.`,
    );
  }
  if (!keyTypes.has(jwk.kty ?? "")) {
    throw new TypeError(`A key of ${owner} has the type "${jwk.kty}", which is none of ${names.join(", ")}.`);
  }
  if (jwk.kty === "RSA" && (typeof jwk.n !== "string" || (jwk.n.length * 3) / 4 < SHORTEST_MODULUS)) {
    throw new RangeError(`An RSA key of ${owner} has 2,048 bits at least (RFC 7518 §3.3).`);
  }
  if (!fitsAlgorithm(jwk, algorithms)) {
    throw new TypeError(
      `A key of ${owner} has the curve "${jwk.crv}", which is none of ${names.join(", ")}.`,
    );
  }
  assertImportable(owner, jwk);
  return jwk;
}

/** Whether a key is of a kind that one of the algorithms takes. */
export function fitsAlgorithm({ kty, crv }: PublicJwk, { keyTypes, curves }: Algorithms): boolean {
  return keyTypes.has(kty ?? "") && (kty === "RSA" || curves.has(crv ?? ""));
}

/** The first client would find out otherwise. Without `node:crypto` only what is missing is seen. */
function assertImportable(owner: string, jwk: PublicJwk): void {
  const needed = { RSA: ["n", "e"], EC: ["x", "y"], OKP: ["x"] }[jwk.kty as "RSA" | "EC" | "OKP"];
  const missing = needed.find((name) => !/^[\w+/=-]+$/.test(String(jwk[name as keyof PublicJwk] ?? "")));
  if (missing !== undefined) {
    throw new TypeError(`A key of ${owner} is a JWK of the type "${jwk.kty}" without "${missing}".`);
  }
  try {
    const crypto = builtinModule<typeof nodeCrypto>("node:crypto");
    crypto?.createPublicKey({ key: { ...jwk } as nodeCrypto.JsonWebKey, format: "jwk" });
  } catch (cause) {
    // Other runtimes may have the module, and not this of it.
    if ((cause as NodeJS.ErrnoException).code === "ERR_CRYPTO_INVALID_JWK") {
      throw new TypeError(`A key of ${owner} is a JWK that cannot be read: is it complete?`, { cause });
    }
  }
}

function isJwk(key: unknown): key is PublicJwk {
  return typeof key === "object" && key !== null && typeof (key as { kty?: unknown }).kty === "string";
}

function exported(owner: string, key: unknown, names: readonly string[]): PublicJwk {
  const isPem = typeof key === "string" && key.trimStart().startsWith("-----BEGIN ");
  const type = typeof key === "object" && key !== null ? (key as { type?: unknown }).type : undefined;
  if ((!isPem && type !== "public") || (isPem && key.includes("PRIVATE KEY"))) {
    const given =
      isPem || type === "private" ? "a private key" : type === "secret" ? "a secret" : describeValue(key);
    throw new TypeError(`${names.join(", ")} of ${owner} take a public key, a JWK or a PEM, not ${given}.`);
  }
  const crypto = builtinModule<typeof nodeCrypto>("node:crypto");
  if (crypto === undefined) {
    throw new TypeError(
      `${owner} reads keys with node:crypto, which this runtime does not have: give it a JWK.`,
    );
  }
  try {
    const object = isPem
      ? crypto.createPublicKey(key)
      : key instanceof crypto.KeyObject
        ? key
        : crypto.KeyObject.from(key as nodeCrypto.webcrypto.CryptoKey);
    return object.export({ format: "jwk" }) as PublicJwk;
  } catch (cause) {
    throw new TypeError(`${owner} cannot read a key: give it as a JWK or as a PEM with a PUBLIC KEY.`, {
      cause,
    });
  }
}
