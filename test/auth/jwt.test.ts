import { _get, _requestReceiver, type Args, ExtensionKey, Resource, ResponseError } from "argania";
import { JwtAuthLayer, type JwtAuthOptions, type JwtClaims } from "argania/jwt";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { authApp, INVALID_TOKEN, REALM } from "./auth-app.ts";
import { AUDIENCE, claims, ISSUER, now, SECRET, sign } from "./issuer.ts";

const options = {
  key: SECRET,
  algorithms: ["HS256"],
  issuer: ISSUER,
  audience: AUDIENCE,
} as const satisfies JwtAuthOptions<JwtClaims, JwtClaims>;

const app = authApp(new JwtAuthLayer(options));

describe("a token", () => {
  it("that is good lets a request pass, with its claims", async () => {
    const payload = claims();
    expect(await app.bearer(await sign(payload))).toEqual({
      status: 200,
      challenge: null,
      body: JSON.stringify(payload),
    });
  });

  it("that is missing or malformed", async () => {
    expect(await app.ask()).toMatchObject({ status: 401, challenge: REALM });
    expect(await app.ask({ authorization: "Bearer" })).toMatchObject({ status: 400 });
  });

  it.each<[string, Record<string, unknown>]>([
    ["another issuer", { iss: "https://evil.example.com/" }],
    ["an issuer that begins alike", { iss: `${ISSUER}x` }],
    ["a list of issuers", { iss: [ISSUER] }],
    ["no issuer", { iss: undefined }],
    ["another audience", { aud: "https://other.example.com" }],
    ["no audience", { aud: undefined }],
    ["a list without us", { aud: ["a", "b"] }],
    ["a nested list", { aud: [[AUDIENCE]] }],
    ["no expiry", { exp: undefined }],
    ["an expiry that is over", { exp: now() - 10 }],
    ["an expiry that is text", { exp: "9999999999" }],
    ["a time to come", { nbf: now() + 60 }],
    ["a time to come as text", { nbf: "0" }],
    ["been issued in the future", { iat: now() + 60 }],
    ["been issued at a text", { iat: "0" }],
  ])("that has %s is not good", async (_, others) => {
    expect(await app.bearer(await sign(claims(others)))).toMatchObject(INVALID_TOKEN);
  });

  it.each<[string, Record<string, unknown>]>([
    ["several audiences", { aud: ["a", AUDIENCE] }],
    ["an expiry within the tolerance", { exp: now() - 2 }],
    ["been issued within the tolerance", { iat: now() + 2, nbf: now() + 2 }],
  ])("that has %s is good", async (_, others) => {
    expect(await app.bearer(await sign(claims(others)))).toMatchObject({ status: 200 });
  });

  it("of another type is not good, where the type counts", async () => {
    const typed = authApp(new JwtAuthLayer({ ...options, typ: "at+jwt" }));
    expect(await typed.bearer(await sign(claims(), { typ: "at+jwt" }))).toMatchObject({ status: 200 });
    expect(await typed.bearer(await sign(claims(), { typ: "JWT" }))).toMatchObject(INVALID_TOKEN);
    expect(await typed.bearer(await sign())).toMatchObject(INVALID_TOKEN);
  });

  it("may be as old as you say", async () => {
    const young = authApp(new JwtAuthLayer({ ...options, maxTokenAge: 30, clockTolerance: 0 }));
    const aged = (iat: number) => sign(claims({ iat, exp: undefined }));
    expect(await young.bearer(await aged(now() - 20))).toMatchObject({ status: 200 });
    expect(await young.bearer(await aged(now() - 40))).toMatchObject(INVALID_TOKEN);
    expect(await young.bearer(await sign())).toMatchObject(INVALID_TOKEN);
  });

  it("must have the claims that you say", async () => {
    const strict = authApp(new JwtAuthLayer({ ...options, requiredClaims: ["jti"] }));
    expect(await strict.bearer(await sign())).toMatchObject(INVALID_TOKEN);
    expect(await strict.bearer(await sign(claims({ jti: "1" })))).toMatchObject({ status: 200 });
    const lax = authApp(new JwtAuthLayer({ ...options, issuer: null, audience: null }));
    expect(await lax.bearer(await sign({ exp: now() + 60 }))).toMatchObject({ status: 200 });
  });

  it.each([[undefined], [[]], [["jti"]], [["exp", "jti"]]])(
    "must have an exp beside %j",
    async (requiredClaims) => {
      const app = authApp(new JwtAuthLayer({ ...options, ...(requiredClaims && { requiredClaims }) }));
      expect(await app.bearer(await sign(claims({ jti: "1", exp: undefined })))).toMatchObject(INVALID_TOKEN);
      expect(await app.bearer(await sign(claims({ jti: "1" })))).toMatchObject({ status: 200 });
      const aging = { ...options, maxTokenAge: 30, ...(requiredClaims && { requiredClaims }) };
      const young = await sign(claims({ jti: "1", exp: undefined, iat: now() }));
      expect(await authApp(new JwtAuthLayer(aging)).bearer(young)).toMatchObject(
        requiredClaims?.includes("exp") === true ? INVALID_TOKEN : { status: 200 },
      );
    },
  );

  it("says to the log why it is not good, and to the client nothing", async () => {
    const seen: unknown[] = [];
    const layer = new JwtAuthLayer({ ...options, optional: true });
    const { ErrorHandlerLayer } = await import("argania");
    const root = new Resource("/").setHandlerFor(_get.to(() => ""));
    const watch = new ErrorHandlerLayer((error) => {
      seen.push((error as Error).cause);
      throw error;
    });
    root.addLayerTo(_requestReceiver([watch, layer]));
    const headers = { authorization: `Bearer ${await sign(claims({ exp: 1 }))}` };
    const response = await root.intoService().request("/", { headers });
    expect(response.status).toBe(401);
    expect(await response.text()).not.toMatch(/exp/);
    expect(seen).toMatchObject([{ code: "ERR_JWT_EXPIRED" }]);
  });
});

describe("claims", () => {
  it("are checked and typed by a schema", async () => {
    const schema = z.object({ sub: z.string(), role: z.enum(["admin", "user"]).default("user") });
    const layer = new JwtAuthLayer({ ...options, claims: schema });
    const typed = authApp(layer);
    expect(await typed.bearer(await sign())).toMatchObject({ body: '{"sub":"7","role":"user"}' });
    expect(await typed.bearer(await sign(claims({ role: "root" })))).toMatchObject(INVALID_TOKEN);
  });

  it("are checked by a schema that takes its time", async () => {
    const schema = z.object({ sub: z.string().refine(async (sub) => sub === "7") });
    const layer = new JwtAuthLayer({ ...options, claims: schema });
    expect(await authApp(layer).bearer(await sign())).toMatchObject({ status: 200 });
    expect(await authApp(layer).bearer(await sign(claims({ sub: "8" })))).toMatchObject(INVALID_TOKEN);
  });

  it("are handed to handlers beside the principal", async () => {
    const layer = new JwtAuthLayer({ ...options, validate: ({ sub }) => ({ name: `user ${sub}` }) });
    const root = new Resource("/").addLayerTo(_requestReceiver(layer));
    root.setHandlerFor(_get.to([layer.principal, layer.claims], (user, { iss }) => `${user.name} of ${iss}`));
    const response = await root
      .intoService()
      .request("/", { headers: { authorization: `Bearer ${await sign()}` } });
    expect(await response.text()).toBe(`user 7 of ${ISSUER}`);
  });
});

describe("validate", () => {
  interface Users {
    find(id: string): Promise<{ name: string } | undefined>;
  }

  it("looks a user up with what the tree has (Loco: a middleware with app context)", async () => {
    const users: Users = { find: async (id) => (id === "7" ? { name: "Ada" } : undefined) };
    const currentUser = new ExtensionKey<{ name: string }>("user");
    const layer = new JwtAuthLayer({
      ...options,
      principalKey: currentUser,
      claims: z.object({ sub: z.string() }),
      validate: ({ sub }, _context, { nodeExtension }: Args<Users>) => nodeExtension.find(sub),
    });
    const root = new Resource("/").setExtension(users).addLayerTo(_requestReceiver(layer));
    root.setHandlerFor(_get.to(({ extensions }) => extensions.getOrThrow(currentUser).name));
    const service = root.intoService();
    const ask = async (sub: string) => {
      const headers = { authorization: `Bearer ${await sign(claims({ sub }))}` };
      const response = await service.request("/", { headers });
      return [response.status, await response.text()] as const;
    };
    expect(await ask("7")).toEqual([200, "Ada"]);
    expect((await ask("8"))[0]).toBe(401);
  });

  it("that throws is no 401", async () => {
    const down = authApp(
      new JwtAuthLayer({ ...options, validate: () => Promise.reject(new Error("Down.")) }),
    );
    expect(await down.bearer(await sign())).toMatchObject({ status: 500 });
    expect(down.errors).toMatchObject([{ message: "Down." }]);
    const banned = new JwtAuthLayer<JwtClaims, string>({
      ...options,
      validate() {
        throw new ResponseError(403, "Banned.");
      },
    });
    expect(await authApp(banned).bearer(await sign())).toMatchObject({ status: 403 });
  });

  it.each([null, false])("that says %s is a 401", async (verdict) => {
    const layer = new JwtAuthLayer({ ...options, validate: () => verdict });
    expect(await authApp(layer).bearer(await sign())).toMatchObject(INVALID_TOKEN);
  });
});

describe("scopes", () => {
  it("are those of the claims, whoever the principal is", async () => {
    const layer = new JwtAuthLayer({ ...options, validate: () => "Ada" });
    const scoped = authApp(layer, layer.requireScopes("notes:write"));
    expect(await scoped.bearer(await sign(claims({ scope: "notes:read notes:write" })))).toMatchObject({
      status: 200,
    });
    expect(await scoped.bearer(await sign())).toMatchObject({
      status: 403,
      challenge: 'Bearer realm="api", error="insufficient_scope", scope="notes:write"',
    });
  });

  it("may be those of the principal", async () => {
    const layer = new JwtAuthLayer({ ...options, validate: () => "Ada", scopesOf: () => "a b" });
    expect(await authApp(layer, layer.requireScopes("b")).bearer(await sign())).toMatchObject({
      status: 200,
    });
  });
});

describe("an optional layer, and a token in a cookie", () => {
  it("lets requests without a token pass", async () => {
    const optional = authApp(new JwtAuthLayer({ ...options, optional: true }));
    expect(await optional.ask({}, "/anyone")).toMatchObject({ status: 200 });
    expect(await optional.ask()).toMatchObject({ status: 401 });
    expect(await optional.ask({ authorization: "Bearer x" }, "/anyone")).toMatchObject(INVALID_TOKEN);
  });

  it("takes it from there only, and tells caches", async () => {
    const layer = new JwtAuthLayer({ ...options, from: { cookie: "token" } });
    const cookied = authApp(layer);
    const token = await sign();
    expect(await cookied.ask({ cookie: `token=${token}` })).toMatchObject({ status: 200 });
    expect(await cookied.bearer(token)).toMatchObject({ status: 401, challenge: REALM });
    expect(await cookied.ask({ cookie: "token=" })).toMatchObject(INVALID_TOKEN);
    for (const headers of [{ cookie: `token=${token}` }, {}]) {
      expect((await cookied.service.request("/", { headers })).headers.get("vary")).toMatch(
        /^(?:Accept, )?Cookie$/,
      );
    }
  });
});
