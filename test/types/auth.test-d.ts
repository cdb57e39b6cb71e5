import { type Args, ExtensionKey, type Extractor, type RequestContext } from "argania";
import { JwtAuthLayer, type JwtClaims } from "argania/jwt";
import { BasicAuthLayer, BearerAuthLayer } from "argania/middleware";
import { z } from "zod";
import { assertType, type Equal } from "./expect-type.ts";

interface User {
  name: string;
}

declare const context: RequestContext;
declare const users: { find(id: string): Promise<User | null> };

const bearer = new BearerAuthLayer({ verify: (token) => users.find(token) });
assertType<Equal<typeof bearer, BearerAuthLayer<User>>>();
assertType<Equal<typeof bearer.principal, Extractor<User, object>>>();
assertType<Equal<ReturnType<typeof bearer.principalOf>, User>>();
bearer.principalOf(context);

const listed = new BearerAuthLayer({ tokens: { a: "ci" } });
assertType<Equal<typeof listed, BearerAuthLayer<string>>>();

new BearerAuthLayer({ verify: (token) => users.find(token), principalKey: new ExtensionKey<User>("user") });
// @ts-expect-error a key of another type
new BearerAuthLayer({ verify: () => 7, principalKey: new ExtensionKey<User>("user") });
// @ts-expect-error neither of the two
new BearerAuthLayer({ realm: "api" });

const basic = new BasicAuthLayer({ users: { ada: "x" } });
assertType<Equal<ReturnType<typeof basic.principalOf>, string>>();
const verified = new BasicAuthLayer({ verify: (name) => (name === "ada" ? { name } : null) });
assertType<Equal<ReturnType<typeof verified.principalOf>, User>>();

const common = { key: "x", algorithms: ["HS256"], issuer: "a", audience: "b" } as const;
const plain = new JwtAuthLayer(common);
assertType<Equal<typeof plain, JwtAuthLayer<JwtClaims, JwtClaims>>>();

const claims = z.object({ sub: z.string() });
const typed = new JwtAuthLayer({ ...common, claims });
assertType<Equal<typeof typed.principal, Extractor<{ sub: string }, object>>>();
assertType<Equal<typeof typed.claims, Extractor<{ sub: string }, object>>>();

const loaded = new JwtAuthLayer({
  ...common,
  claims,
  validate: ({ sub }, _context, { nodeExtension }: Args<typeof users>) => nodeExtension.find(sub),
});
assertType<Equal<typeof loaded.principal, Extractor<User, object>>>();
assertType<Equal<typeof loaded.claims, Extractor<{ sub: string }, object>>>();

// @ts-expect-error no issuer and no audience
new JwtAuthLayer({ key: "x", algorithms: ["HS256"] });
// @ts-expect-error no algorithms
new JwtAuthLayer({ key: "x", issuer: null, audience: null });
// @ts-expect-error none
new JwtAuthLayer({ ...common, algorithms: ["none"] });

const user = new ExtensionKey<User>("user");
// @ts-expect-error the principal of a list is the name
new BasicAuthLayer({ users: { ada: "x" }, principalKey: user });
new BasicAuthLayer({ users: { ada: "x" }, principalKey: new ExtensionKey<User | string>("user") });
new BasicAuthLayer({ verify: (name) => ({ name }), principalKey: user });
// @ts-expect-error nobody makes a user of the claims
new JwtAuthLayer({ ...common, principalKey: user });
// @ts-expect-error nor of claims that have been checked
new JwtAuthLayer({ ...common, claims, principalKey: user });
new JwtAuthLayer({ ...common, validate: ({ sub = "" }) => ({ name: sub }), principalKey: user });
new JwtAuthLayer({ ...common, claims, validate: ({ sub }) => users.find(sub), principalKey: user });
new JwtAuthLayer({ ...common, claims: z.object({ name: z.string() }), principalKey: user });
