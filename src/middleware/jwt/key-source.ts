import type { createLocalJWKSet, JSONWebKeySet } from "jose";
import { describeValue } from "../../common/describe-value.ts";
import { type OneOrMany, toArray } from "../../common/one-or-many.ts";
import { KeysUnavailableError } from "../auth/auth-errors.ts";
import type { Algorithms } from "./algorithms.ts";
import { boundedFetch } from "./bounded-fetch.ts";
import { fitsAlgorithm, type JwtKey, type PublicJwk, publicJwk, secretBytes } from "./jwt-keys.ts";
import type { Jose } from "./load-jose.ts";

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
export type KeySource = (header: TokenHeader) => Promise<ImportedKey> | ImportedKey;

/** Keys that have been checked, for when `jose` is there. */
export type KeySourceMaker = (jose: Jose) => KeySource;

/** More keys than this are not tried on one token: each costs time. */
export const MOST_TRIES = 8;

/** Throws a `TypeError` or a `RangeError` for keys that do not fit the algorithms. */
export function keySource(owner: string, options: KeySourceOptions, algorithms: Algorithms): KeySourceMaker {
  const given = (["key", "keys", "jwks"] as const).filter((name) => options[name] !== undefined);
  if (given.length !== 1) {
    throw new TypeError(
      `${owner} takes one of key, keys and jwks, not ${given.length === 0 ? "none: is the environment variable set?" : given.join(" and ")}`,
    );
  }
  if (options.jwks !== undefined) {
    return jwksSource(owner, options.jwks, algorithms);
  }
  const keys =
    options.key !== undefined ? listed(owner, toArray(options.key)) : byId(owner, options.keys as object);
  return algorithms.secretBytes > 0
    ? secretSource(keys.map(([kid, key]) => [kid, secretBytes(owner, key, algorithms)]))
    : publicSource(keys.map(([kid, key]) => [kid, publicJwk(owner, key, algorithms)]));
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

function secretSource(secrets: KeyList<Uint8Array>): KeySourceMaker {
  const importers = secrets.map(([id, secret]) => [id, secretImporter(secret)] as const);
  return ({ errors }) =>
    ({ alg, kid }) => {
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

function publicSource(keys: KeyList<PublicJwk>): KeySourceMaker {
  const hasIds = keys.some(([kid]) => kid !== undefined);
  const jwks = keys.map(([kid, { kid: _, ...jwk }]) => (kid === undefined ? jwk : { ...jwk, kid }));
  return (jose) => {
    const find = localSet(jose, jwks);
    return ({ alg, kid }) => {
      // Without a kid `jose` would take any of the keys.
      if (hasIds && typeof kid !== "string") {
        throw new jose.errors.JWKSNoMatchingKey();
      }
      return find({ alg: alg as string, ...(hasIds ? { kid: kid as string } : {}) });
    };
  };
}

function localSet(jose: Jose, keys: readonly PublicJwk[]): ReturnType<typeof createLocalJWKSet> {
  return jose.createLocalJWKSet({ keys: [...keys] } as JSONWebKeySet);
}

function jwksSource(owner: string, jwks: unknown, algorithms: Algorithms): KeySourceMaker {
  if (algorithms.secretBytes > 0) {
    throw new TypeError(`jwks of ${owner} has public keys, and ${algorithms.names.join(", ")} take secrets.`);
  }
  if (typeof jwks === "object" && jwks !== null && !(jwks instanceof URL)) {
    const keys = keysOfSet(owner, (jwks as { keys?: unknown }).keys, algorithms);
    return (jose) => {
      const find = localSet(jose, keys);
      return (header) => find(header as { alg: string });
    };
  }
  const url = jwksUrl(owner, jwks);
  return (jose) => remoteSource(jose, url);
}

function remoteSource({ createRemoteJWKSet, customFetch, errors }: Jose, url: URL): KeySource {
  const find = createRemoteJWKSet(url, { [customFetch]: boundedFetch() });
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
