import { _get, _requestReceiver, ExtensionKey, Resource } from "argania";
import { JwtAuthLayer } from "argania/jwt";
import { BasicAuthLayer } from "argania/middleware";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { authApp } from "./auth-app.ts";
import { AUDIENCE, claims, ISSUER, SECRET, sign } from "./issuer.ts";

interface User {
  readonly name?: unknown;
}

const base = { key: SECRET, algorithms: ["HS256"], issuer: ISSUER, audience: AUDIENCE } as const;
const user = new ExtensionKey<User>("user");
const basic = new BasicAuthLayer<User>({
  verify: (name) => ({ name, scope: "" }),
  optional: true,
  principalKey: user,
});
const mallory = { authorization: `Basic ${btoa("mallory:x")}` };

function app(order: "jwt first" | "basic first") {
  const jwt = new JwtAuthLayer({
    ...base,
    validate: ({ sub }): User => ({ name: sub }),
    from: { cookie: "token" },
    optional: true,
    principalKey: user,
  });
  const errors: unknown[] = [];
  const root = new Resource("/").addLayerTo(
    _requestReceiver(order === "jwt first" ? [jwt, basic] : [basic, jwt]),
  );
  root.setHandlerFor(
    _get.wrappedIn(jwt.requireScopes("admin")).to(({ extensions }) => `${extensions.get(user)?.name}`),
  );
  root
    .subresource("/claims")
    .setHandlerFor(_get.to([jwt.principal, jwt.claims], ({ name }, { sub }) => `${name} ${sub}`));
  const service = root.intoService({ logger: { error: (report) => errors.push(report.err) } });
  const ask = async (path: string, headers: Record<string, string>) => {
    const response = await service.request(path, { headers });
    return response.status === 200 ? response.text() : response.status;
  };
  return { ask, errors };
}

describe("two layers share a principal", () => {
  it.each(["jwt first", "basic first"] as const)("with a token, or without: %s", async (order) => {
    const { ask, errors } = app(order);
    const cookie = `token=${await sign(claims({ sub: "alice", scope: "admin" }))}`;
    expect([await ask("/", { cookie }), await ask("/claims", { cookie })]).toEqual(["alice", "alice alice"]);
    expect([await ask("/", mallory), await ask("/claims", mallory)]).toEqual([403, 401]);
    expect([await ask("/", {}), await ask("/claims", {})]).toEqual([401, 401]);
    expect(errors).toEqual([]);
  });

  it("and nobody has the claims of somebody else", async () => {
    const cookie = `token=${await sign(claims({ sub: "alice", scope: "admin" }))}`;
    const both = { ...mallory, cookie };
    const inner = app("jwt first");
    expect([await inner.ask("/", both), await inner.ask("/claims", both)]).toEqual([403, 401]);
    const outer = app("basic first");
    expect([await outer.ask("/", both), await outer.ask("/claims", both)]).toEqual(["alice", "alice alice"]);
  });
});

it("scopes that a schema leaves out are those of the token", async () => {
  const layer = new JwtAuthLayer({ ...base, claims: z.object({ sub: z.string() }) });
  const { bearer } = authApp(layer, layer.requireScopes("admin"));
  expect(await bearer(await sign(claims({ scope: "admin" })))).toMatchObject({
    status: 200,
    body: '{"sub":"7"}',
  });
  expect(await bearer(await sign(claims({ scope: "other" })))).toMatchObject({ status: 403 });
  const own = new JwtAuthLayer({
    ...base,
    claims: z.object({ roles: z.array(z.string()) }).transform(({ roles }) => ({ scopes: roles })),
  });
  const roles = authApp(own, own.requireScopes("admin"));
  expect(await roles.bearer(await sign(claims({ roles: ["admin"], scope: "x" })))).toMatchObject({
    status: 200,
  });
});
