import { createLocalJWKSet, createRemoteJWKSet, customFetch, errors, type JSONWebKeySet } from "jose";
import { describeValue } from "../../common/describe-value.ts";
import { type OneOrMany, toArray } from "../../common/one-or-many.ts";
import { KeysUnavailableError } from "../auth/auth-errors.ts";
import type { Algorithms } from "./algorithms.ts";
import { boundedFetch } from "./bounded-fetch.ts";
import { fitsAlgorithm, type JwtKey, type PublicJwk, publicJwk, secretBytes } from "./jwt-keys.ts";
import type { SecretKey } from "./secret-verifier.ts";

export interface KeySourceOptions {
  /** The key, or several while one is replaced: each is tried. The `kid` of tokens is not looked at. */
  readonly key?: OneOrMany<JwtKey>;
  /** Keys by their `kid`. A token without one, or with another, is not good. */
  readonly keys?: Readonly<Record<string, JwtKey>>;
  /** A key set (RFC 7517 §5), or where to fetch it: over HTTPS, or from localhost. */
  readonly jwks?: string | URL | { readonly keys: readonly PublicJwk[] };
}

/** What a key can be for `jose`. */
type ImportedKey = Awaited<ReturnType<ReturnType<typeof createLocalJWKSet>>>;

/** As much of a token's header as keys are found by. It comes from the client, and nothing of it is checked yet. */
export interface TokenHeader {
  readonly alg?: unknown;
  readonly kid?: unknown;
}

/** Finds the keys that a token may be signed with. Throws an error of `jose` when there is none. */
export type FindKey = (header: TokenHeader) => Promise<ImportedKey> | ImportedKey;

/** The keys of a layer. */
export interface KeySource {
  readonly find: FindKey;
  /** Those that are secrets, as they are. */
  readonly secrets: readonly SecretKey[];
}

/** More keys than this are not tried on one token: each costs time. */
export const MOST_TRIES = 8;

/** Throws a `TypeError` or a `RangeError` for keys that do not fit the algorithms. */
export function keySource(owner: string, options: KeySourceOptions, algorithms: Algorithms): KeySource {
  const given = (["key", "keys", "jwks"] as const).filter((name) => options[name] !== undefined);
  if (given.length !== 1) {
    throw new TypeError(
      `${owner} takes one of key, keys and jwks, not ${given.length === 0 ? "none: is the environment variable set?" : given.join(" and ")}`,
    );
  }
  if (options.jwks !== undefined) {
    return { find: jwksSource(owner, options.jwks, algorithms), secrets: [] };
  }
  const keys =
    options.key !== undefined ? listed(owner, toArray(options.key)) : byId(owner, options.keys as object);
  if (algorithms.secretBytes === 0) {
    return {
      find: publicSource(keys.map(([kid, key]) => [kid, publicJwk(owner, key, algorithms)])),
      secrets: [],
    };
  }
  const secrets = keys.map(([kid, key]) => [kid, secretBytes(owner, key, algorithms)] as const);
  return { find: secretSource(secrets), secrets };
}

type KeyList<Key> = readonly (readonly [kid: string | undefined, key: Key])[];

function listed(owner: string, keys: readonly unknown[]): KeyList<unknown> {
  if (keys.length === 0 || keys.length > MOST_TRIES) {
    throw new RangeError(`key of ${owner} is one key, or a list of up to ${MOST_TRIES}: write keys, by kid.`);
  }
  return keys.map((key) => [undefined, key]);
}

function byId(owner: string, keys: unknown): KeyList<unknown> {
  const entries =
    typeof keys === "object" && keys !== null && !Array.isArray(keys) ? Object.entries(keys) : [];
  if (entries.length === 0) {
    throw new TypeError(`keys of ${owner} is an object with a key for each kid, not ${describeValue(keys)}.`);
  }
  return entries;
}

function secretSource(secrets: readonly SecretKey[]): FindKey {
  const importers = secrets.map(([id, secret]) => [id, secretImporter(secret)] as const);
  return ({ alg, kid }) => {
    const [first, ...others] = importers
      .filter(([id]) => id === undefined || id === kid)
      .map(([, importer]) => importer);
    if (first === undefined) {
      throw new errors.JWKSNoMatchingKey();
    }
    if (others.length === 0) {
      return first(alg as string);
    }
    throw Object.assign(new errors.JWKSMultipleMatchingKeys(), {
      async *[Symbol.asyncIterator]() {
        for (const importer of [first, ...others]) {
          yield await importer(alg as string);
        }
      },
    });
  };
}

/** Imports a secret once for each algorithm: `jose` would do it for each token. */
function secretImporter(secret: Uint8Array): (alg: string) => Promise<ImportedKey> {
  const imported = new Map<string, Promise<ImportedKey>>();
  return (alg) => {
    let key = imported.get(alg);
    if (key === undefined) {
      const algorithm = { name: "HMAC", hash: `SHA-${alg.slice(2)}` };
      key = crypto.subtle.importKey("raw", secret as Uint8Array<ArrayBuffer>, algorithm, false, ["verify"]);
      imported.set(alg, key);
    }
    return key;
  };
}

function publicSource(keys: KeyList<PublicJwk>): FindKey {
  const hasIds = keys.some(([kid]) => kid !== undefined);
  const jwks = keys.map(([kid, { kid: _, ...jwk }]) => (kid === undefined ? jwk : { ...jwk, kid }));
  const find = localSet(jwks);
  return ({ alg, kid }) => {
    // Without a kid `jose` would take any of the keys.
    if (hasIds && typeof kid !== "string") {
      throw new errors.JWKSNoMatchingKey();
    }
    return find({ alg: alg as string, ...(hasIds ? { kid: kid as string } : {}) });
  };
}

function localSet(keys: readonly PublicJwk[]): ReturnType<typeof createLocalJWKSet> {
  return createLocalJWKSet({ keys: [...keys] } as JSONWebKeySet);
}

function jwksSource(owner: string, jwks: unknown, algorithms: Algorithms): FindKey {
  if (algorithms.secretBytes > 0) {
    throw new TypeError(`jwks of ${owner} has public keys, and ${algorithms.names.join(", ")} take secrets.`);
  }
  if (typeof jwks === "object" && jwks !== null && !(jwks instanceof URL)) {
    const find = localSet(keysOfSet(owner, (jwks as { keys?: unknown }).keys, algorithms));
    return (header) => find(header as { alg: string });
  }
  const find = createRemoteJWKSet(jwksUrl(owner, jwks), { [customFetch]: boundedFetch() });
  return async (header) => {
    try {
      return await find(header as { alg: string });
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) {
        throw error;
      }
      throw new KeysUnavailableError({ cause: error });
    }
  };
}

/** Those that may sign: a set may have others, too. */
function keysOfSet(owner: string, keys: unknown, algorithms: Algorithms): readonly PublicJwk[] {
  const list: readonly unknown[] = Array.isArray(keys) ? keys : [];
  const fitting = list.filter((key) => fitsAlgorithm((key ?? {}) as PublicJwk, algorithms));
  if (fitting.length === 0) {
    throw new TypeError(
      `jwks of ${owner} is an address or { keys: [ … ] }, with one key at least for ${algorithms.names.join(", ")}.`,
    );
  }
  return fitting.map((key) => publicJwk(owner, key, algorithms));
}

function jwksUrl(owner: string, address: unknown): URL {
  const text = String(address);
  const url =
    (typeof address === "string" || address instanceof URL) && URL.canParse(text) ? new URL(text) : undefined;
  const isLocal = url !== undefined && /^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname);
  if (url?.protocol !== "https:" && !(isLocal && url?.protocol === "http:")) {
    throw new TypeError(
      `jwks of ${owner} is fetched over HTTPS, or from localhost, not from ${url === undefined ? describeValue(address) : JSON.stringify(text)}: who changes the keys on the way can sign tokens.`,
    );
  }
  return url;
}
