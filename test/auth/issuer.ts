import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { type JWTHeaderParameters, type JWTPayload, SignJWT } from "jose";

export const SECRET = "a secret of JWT tests, 32 bytes or more";
export const ISSUER = "https://login.example.com/";
export const AUDIENCE = "https://api.example.com";

export const now = (): number => Math.floor(Date.now() / 1000);

/** Claims that are good, with others in their place. */
export function claims(others: Readonly<Record<string, unknown>> = {}): JWTPayload {
  return { iss: ISSUER, aud: AUDIENCE, sub: "7", exp: now() + 60, ...others } as JWTPayload;
}

/** A token signed with a secret, or with a private key. */
export function sign(
  payload: JWTPayload = claims(),
  header: Partial<JWTHeaderParameters> = {},
  key: KeyObject | Uint8Array = new TextEncoder().encode(SECRET),
): Promise<string> {
  return new SignJWT(payload).setProtectedHeader({ alg: "HS256", ...header }).sign(key);
}

export const RSA: { readonly publicKey: KeyObject; readonly privateKey: KeyObject } = generateKeyPairSync(
  "rsa",
  {
    modulusLength: 2048,
  },
);
export const EC: { readonly publicKey: KeyObject; readonly privateKey: KeyObject } = generateKeyPairSync(
  "ec",
  {
    namedCurve: "P-256",
  },
);
export const ED: { readonly publicKey: KeyObject; readonly privateKey: KeyObject } =
  generateKeyPairSync("ed25519");

/** A token of parts that nobody has signed, or that are no JSON. */
export function unsigned(header: unknown, payload: unknown, signature = ""): string {
  const encode = (part: unknown) =>
    Buffer.from(typeof part === "string" ? part : JSON.stringify(part)).toString("base64url");
  return `${encode(header)}.${encode(payload)}.${signature}`;
}
