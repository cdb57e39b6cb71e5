import { createSecretKey, generateKeyPairSync, webcrypto } from "node:crypto";
import { type JwtAlgorithm, JwtAuthLayer, type JwtKey } from "argania/jwt";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { authApp, INVALID_TOKEN } from "./auth-app.ts";
import { AUDIENCE, claims, EC, ED, ISSUER, RSA, SECRET, sign } from "./issuer.ts";

const base = { issuer: ISSUER, audience: AUDIENCE } as const;
const pem = RSA.publicKey.export({ format: "pem", type: "spki" }) as string;
const jwk = (key = RSA.publicKey) => key.export({ format: "jwk" });
const bytes = new TextEncoder().encode(SECRET);
const OTHER = "another secret, and as long as the first one";

describe("a key may be", () => {
  it.each<[string, JwtKey, JwtAlgorithm, Uint8Array | typeof RSA.privateKey]>([
    ["a secret as text", SECRET, "HS256", bytes],
    ["a secret as bytes", bytes, "HS256", bytes],
    ["a secret as a KeyObject", createSecretKey(bytes), "HS256", bytes],
    ["a PEM", pem, "RS256", RSA.privateKey],
    ["a PEM, for PSS", pem, "PS256", RSA.privateKey],
    ["a KeyObject", RSA.publicKey, "RS256", RSA.privateKey],
    ["a JWK", jwk(), "RS512", RSA.privateKey],
    ["an elliptic one", jwk(EC.publicKey), "ES256", EC.privateKey],
    ["an Edwards one", ED.publicKey, "EdDSA", ED.privateKey],
    ["an Edwards one by its new name", ED.publicKey, "Ed25519", ED.privateKey],
  ])("%s", async (_, key, alg, signer) => {
    const app = authApp(new JwtAuthLayer({ ...base, key, algorithms: [alg] }));
    expect(await app.bearer(await sign(claims(), { alg }, signer))).toMatchObject({ status: 200 });
    expect(await app.bearer(await sign(claims(), { alg, kid: "any" }, signer))).toMatchObject({
      status: 200,
    });
  });

  it("a CryptoKey", async () => {
    const algorithm = { name: "ECDSA", namedCurve: "P-256" };
    const key = await webcrypto.subtle.importKey("jwk", jwk(EC.publicKey), algorithm, true, ["verify"]);
    const app = authApp(new JwtAuthLayer({ ...base, key, algorithms: ["ES256"] }));
    expect(await app.bearer(await sign(claims(), { alg: "ES256" }, EC.privateKey))).toMatchObject({
      status: 200,
    });
  });

  it("one of several while it is replaced", async () => {
    const secrets = authApp(new JwtAuthLayer({ ...base, key: [OTHER, SECRET], algorithms: ["HS256"] }));
    expect(await secrets.bearer(await sign())).toMatchObject({ status: 200 });
    expect(await secrets.bearer(await sign(claims(), {}, new Uint8Array(32)))).toMatchObject(INVALID_TOKEN);
    const newer = generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey;
    const keys = authApp(new JwtAuthLayer({ ...base, key: [newer, pem], algorithms: ["RS256"] }));
    expect(await keys.bearer(await sign(claims(), { alg: "RS256" }, RSA.privateKey))).toMatchObject({
      status: 200,
    });
    expect(await keys.bearer(await sign(claims({ exp: 1 }), { alg: "RS256" }, RSA.privateKey))).toMatchObject(
      INVALID_TOKEN,
    );
  });
});

describe("keys by their kid", () => {
  const secrets = authApp(
    new JwtAuthLayer({ ...base, keys: { a: SECRET, b: OTHER }, algorithms: ["HS256"] }),
  );
  const keys = authApp(
    new JwtAuthLayer({
      ...base,
      keys: { r: { ...jwk(), kid: "ignored" }, e: EC.publicKey },
      algorithms: ["RS256", "ES256"],
    }),
  );
  const set = authApp(
    new JwtAuthLayer({
      ...base,
      jwks: {
        keys: [
          { ...jwk(), kid: "r" },
          { ...jwk(EC.publicKey), kid: "e" },
        ],
      },
      algorithms: ["RS256", "ES256"],
    }),
  );

  it("are found", async () => {
    expect(await secrets.bearer(await sign(claims(), { kid: "a" }))).toMatchObject({ status: 200 });
    const rsa = await sign(claims(), { alg: "RS256", kid: "r" }, RSA.privateKey);
    const ec = await sign(claims(), { alg: "ES256", kid: "e" }, EC.privateKey);
    for (const app of [keys, set]) {
      expect(await app.bearer(rsa)).toMatchObject({ status: 200 });
      expect(await app.bearer(ec)).toMatchObject({ status: 200 });
    }
  });

  it.each(["b", "c", "__proto__", "constructor", "../a", "a\0", "", "' OR 1=1 --"])(
    "and none is found for %j",
    async (kid) => {
      expect(await secrets.bearer(await sign(claims(), { kid }))).toMatchObject(INVALID_TOKEN);
      const rsa = await sign(claims(), { alg: "RS256", kid }, RSA.privateKey);
      expect(await keys.bearer(rsa)).toMatchObject(INVALID_TOKEN);
      expect(await set.bearer(rsa)).toMatchObject(INVALID_TOKEN);
    },
  );

  it("need a kid, unless they are a set with one that fits", async () => {
    expect(await secrets.bearer(await sign())).toMatchObject(INVALID_TOKEN);
    const rsa = await sign(claims(), { alg: "RS256" }, RSA.privateKey);
    expect(await keys.bearer(rsa)).toMatchObject(INVALID_TOKEN);
    expect(await set.bearer(rsa)).toMatchObject({ status: 200 });
  });

  it("hold for their own kind only", async () => {
    const wrong = await sign(claims(), { alg: "ES256", kid: "r" }, EC.privateKey);
    expect(await keys.bearer(wrong)).toMatchObject(INVALID_TOKEN);
    expect(keys.errors).toEqual([]);
  });
});

describe("options that cannot be meant or are not safe are refused", () => {
  const good = { ...base, key: SECRET, algorithms: ["HS256"] };
  const ec = jwk(EC.publicKey);
  const X = generateKeyPairSync("x25519");
  const short = generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey;
  it.each<[string, object, string]>([
    ["no options", undefined as never, "algorithms of JwtAuthLayer is a list"],
    ["no algorithms", { ...base, key: SECRET }, "it has no default"],
    ["no algorithm", { ...good, algorithms: [] }, "is a list"],
    ["none", { ...good, algorithms: ["none"] }, 'has "none"'],
    ["none in disguise", { ...good, algorithms: ["nOnE"] }, 'has "nOnE"'],
    ["an unknown algorithm", { ...good, algorithms: ["HS256", "toString"] }, 'has "toString"'],
    ["an algorithm of encryption", { ...good, algorithms: ["RSA-OAEP"] }, "there are HS256"],
    [
      "secrets and public keys",
      { ...good, algorithms: ["HS256", "RS256"] },
      "sign with the public key as the secret",
    ],
    ["a public key as a secret", { ...good, key: pem }, "known to everybody"],
    ["a public key as bytes of a secret", { ...good, key: Buffer.from(pem) }, "known to everybody"],
    ["a KeyObject as a secret", { ...good, key: RSA.publicKey }, "take a secret"],
    ["a JWK as a secret", { ...good, key: jwk() }, "take a secret"],
    ["a short secret", { ...good, key: "x".repeat(31) }, "has 31 bytes, and 32 at least"],
    ["a secret short for HS512", { ...good, algorithms: ["HS256", "HS512"] }, "64 at least"],
    ["no key", { ...base, algorithms: ["HS256"] }, "is the environment variable set?"],
    ["an undefined key", { ...good, key: undefined }, "one of key, keys and jwks"],
    ["two kinds of keys", { ...good, keys: { a: SECRET } }, "not key and keys"],
    ["an empty list", { ...good, key: [] }, "a list of up to 8"],
    ["too many keys", { ...good, key: Array(9).fill(SECRET) }, "a list of up to 8"],
    ["keys that are none", { ...good, key: undefined, keys: [SECRET] }, "a key for each kid"],
    ["no keys", { ...good, key: undefined, keys: {} }, "a key for each kid"],
    ["a set for secrets", { ...good, key: undefined, jwks: { keys: [jwk()] } }, "take secrets"],
    ["text as a public key", { ...good, algorithms: ["RS256"] }, "take a public key"],
    [
      "a broken PEM",
      { ...good, algorithms: ["RS256"], key: "-----BEGIN PUBLIC KEY-----\nx" },
      "cannot read a key",
    ],
    [
      "a private PEM",
      { ...good, algorithms: ["RS256"], key: RSA.privateKey.export({ format: "pem", type: "pkcs8" }) },
      "not a private key",
    ],
    ["a private KeyObject", { ...good, algorithms: ["RS256"], key: RSA.privateKey }, "not a private key"],
    [
      "a private JWK",
      { ...good, algorithms: ["RS256"], key: RSA.privateKey.export({ format: "jwk" }) },
      'it has "d"',
    ],
    ["a secret for RS256", { ...good, algorithms: ["RS256"], key: createSecretKey(bytes) }, "not a secret"],
    ["a symmetric JWK", { ...good, algorithms: ["RS256"], key: { kty: "oct", k: "AAAA" } }, 'it has "k"'],
    ["a key of another type", { ...good, algorithms: ["RS256"], key: EC.publicKey }, 'has the type "EC"'],
    ["a key of another curve", { ...good, algorithms: ["ES384"], key: EC.publicKey }, 'the curve "P-256"'],
    ["a key that does not sign", { ...good, algorithms: ["EdDSA"], key: X.publicKey }, 'the curve "X25519"'],
    ["a point off its curve", { ...good, algorithms: ["ES256"], key: { ...ec, y: ec.x } }, "cannot be read"],
    ["half of a point", { ...good, algorithms: ["ES256"], key: { ...ec, y: undefined } }, 'without "y"'],
    [
      "a set with a key that cannot be read",
      { ...good, algorithms: ["ES256"], key: undefined, jwks: { keys: [{ ...ec, y: ec.x }] } },
      "cannot be read",
    ],
    [
      "a set with keys of other curves only",
      { ...good, algorithms: ["ES384"], key: undefined, jwks: { keys: [ec] } },
      "one key at least",
    ],
    ["no exponent", { ...good, algorithms: ["RS256"], key: { ...jwk(), e: "" } }, 'without "e"'],
    ["a short RSA key", { ...good, algorithms: ["RS256"], key: short }, "2,048 bits"],
    ["no issuer", { ...good, issuer: undefined }, "issuer of JwtAuthLayer is required"],
    ["no audience", { ...good, audience: undefined }, "or null to take those of everybody"],
    ["an empty list of audiences", { ...good, audience: [] }, "no token would be good"],
    ["an audience that is no text", { ...good, audience: [7] }, "audience of JwtAuthLayer is text"],
    ["an empty issuer", { ...good, issuer: "" }, 'not ""'],
    ["a regex as issuer", { ...good, issuer: /x/ }, "not a RegExp"],
    ["a large tolerance", { ...good, clockTolerance: 3600 }, "clockTolerance"],
    ["an age of text", { ...good, maxTokenAge: "1h" }, "maxTokenAge"],
    ["an empty typ", { ...good, typ: "" }, "typ"],
    ["a schema that is none", { ...good, claims: {} }, "Standard Schema"],
    ["an undefined schema", { ...good, claims: undefined }, "Standard Schema"],
    ["a validate that is none", { ...good, validate: true }, "validate of JwtAuthLayer is a function"],
    ["a query", { ...good, from: { query: "token" } }, 'from of JwtAuthLayer is "bearer" or'],
    ["a cookie without a name", { ...good, from: { cookie: "" } }, "token"],
    ["an unknown option", { ...good, secret: SECRET }, 'no option "secret"'],
    [
      "a set from anywhere",
      { ...good, algorithms: ["RS256"], key: undefined, jwks: "http://example.com/" },
      "over HTTPS",
    ],
    ["a set of a path", { ...good, algorithms: ["RS256"], key: undefined, jwks: "/jwks.json" }, "over HTTPS"],
    [
      "an empty set",
      { ...good, algorithms: ["RS256"], key: undefined, jwks: { keys: [] } },
      "one key at least",
    ],
  ])("%s", (_, options, message) => {
    expect(() => new JwtAuthLayer(options as never)).toThrow(message);
  });

  it("a PEM where there is no node:crypto to read it", () => {
    const getBuiltinModule = vi.spyOn(process, "getBuiltinModule").mockReturnValue(undefined as never);
    onTestFinished(() => getBuiltinModule.mockRestore());
    const layer = (key: JwtKey) => () => new JwtAuthLayer({ ...base, key, algorithms: ["RS256"] });
    expect(layer(pem)).toThrow("give it a JWK");
    expect(layer(jwk())).not.toThrow();
  });

  it("and no message tells a secret", () => {
    expect(() => new JwtAuthLayer({ ...good, key: "sesame" } as never)).toThrow(/^(?!.*sesame)/);
  });
});
