import { type Args, ExtensionKey, ResponseError } from "argania";
import { BearerAuthLayer } from "argania/middleware";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { authApp, INVALID_TOKEN, REALM } from "./auth-app.ts";

const TOKEN = "a-token-of-tests-0123456789";
const users = new Map([[TOKEN, { name: "Ada", scope: "notes:read" }]]);
const app = authApp(new BearerAuthLayer({ verify: (token) => users.get(token) }));

describe("a bearer token", () => {
  it("that is good lets a request pass, and hands on who it is", async () => {
    expect(await app.bearer(TOKEN)).toEqual({
      status: 200,
      challenge: null,
      body: '{"name":"Ada","scope":"notes:read"}',
    });
  });

  it.each(["bearer", "BEARER", "Bearer  "])("may be announced by %s", async (scheme) => {
    expect(await app.ask({ authorization: `${scheme} ${TOKEN}` })).toMatchObject({ status: 200 });
  });

  it("that is missing is a 401 with a challenge, and no error (RFC 6750 §3.1)", async () => {
    expect(await app.ask()).toMatchObject({ status: 401, challenge: REALM });
    expect(await app.ask({ authorization: "Basic YTpi" })).toMatchObject({ status: 401, challenge: REALM });
    const basicFirst = { authorization: `Basic YTpi, Bearer ${TOKEN}` };
    expect(await app.ask(basicFirst)).toMatchObject({ status: 401, challenge: REALM });
    expect(await app.ask({ authorization: "BearerToken abc" })).toMatchObject({
      status: 401,
      challenge: REALM,
    });
  });

  it("that nobody has is a 401 with an error", async () => {
    expect(await app.bearer("another-token-of-tests")).toMatchObject(INVALID_TOKEN);
  });

  it("is not looked for anywhere else", async () => {
    expect(await app.ask({}, `/?access_token=${TOKEN}`)).toMatchObject({ status: 401, challenge: REALM });
    expect(await app.ask({ cookie: `access_token=${TOKEN}` })).toMatchObject({
      status: 401,
      challenge: REALM,
    });
  });

  it("that is malformed is a 400", async () => {
    for (const header of [
      "Bearer",
      "Bearer ",
      `Bearer ${TOKEN} x`,
      `Bearer ${TOKEN}, Basic YTpi`,
      "Bearer a,b",
      "Bearer =",
      `Bearer "${TOKEN}"`,
    ]) {
      expect(await app.ask({ authorization: header }), header).toMatchObject({
        status: 400,
        challenge: 'Bearer realm="api", error="invalid_request"',
      });
    }
  });

  it("that is too long is not even verified", async () => {
    const verify = () => {
      throw new Error("It was verified.");
    };
    const { bearer } = authApp(new BearerAuthLayer({ verify, maxTokenLength: 20 }));
    expect(await bearer("x".repeat(21))).toMatchObject(INVALID_TOKEN);
    expect(await bearer("x".repeat(20))).toMatchObject({ status: 500 });
    expect(await app.bearer("x".repeat(8193))).toMatchObject(INVALID_TOKEN);
  });
});

describe("verify", () => {
  it.each([
    [null, 401],
    [undefined, 401],
    [false, 401],
    [0, 200],
    ["", 200],
    [true, 200],
  ])("that says %s: %i, at once or later", async (verdict, status) => {
    expect(await authApp(new BearerAuthLayer({ verify: () => verdict })).bearer("x")).toMatchObject({
      status,
    });
    const later = new BearerAuthLayer({ verify: () => Promise.resolve(verdict) });
    expect(await authApp(later).bearer("x")).toMatchObject({ status });
  });

  it("that throws is no 401", async () => {
    const down = authApp(
      new BearerAuthLayer({ verify: () => Promise.reject(new Error("The database is down.")) }),
    );
    expect(await down.bearer("x")).toMatchObject({ status: 500, challenge: null });
    expect(down.errors).toMatchObject([{ message: "The database is down." }]);
    const locked = new BearerAuthLayer({
      verify() {
        throw new ResponseError(423);
      },
    });
    expect(await authApp(locked).bearer("x")).toMatchObject({ status: 423 });
  });

  it("gets the context, the args and its own this", async () => {
    const options = {
      suffix: "!",
      verify(token: string, context: { path: string }, args: Args) {
        return `${token} ${context.path} ${String(args.nodeExtension)}${this.suffix}`;
      },
    };
    const { suffix: _, ...rest } = options;
    const layer = new BearerAuthLayer(Object.assign(Object.create({ suffix: "!" }), rest) as typeof rest);
    expect(await authApp(layer).bearer("x")).toMatchObject({ body: '"x / undefined!"' });
  });
});

describe("tokens in a list", () => {
  const ci = "0123456789abcdef";
  const listed = authApp(new BearerAuthLayer({ tokens: { [ci]: "ci", fedcba9876543210: "deploy" } }));

  it("have a principal each", async () => {
    expect(await listed.bearer(ci)).toMatchObject({ status: 200, body: '"ci"' });
    expect(await listed.bearer("fedcba9876543210")).toMatchObject({ status: 200, body: '"deploy"' });
  });

  it.each([`${ci}0`, ci.slice(0, 15), "0123456789abcdeF", "__proto__", "constructor", "x"])(
    "and %s has none",
    async (token) => {
      expect(await listed.bearer(token)).toMatchObject(INVALID_TOKEN);
    },
  );
});

describe("scopes", () => {
  const withScopes = (principal: unknown, ...scopes: string[]) => {
    const layer = new BearerAuthLayer({ verify: () => principal, realm: "notes" });
    return authApp(layer, layer.requireScopes(...scopes)).bearer("x");
  };

  it.each<[unknown, number]>([
    [{ scope: "a b c" }, 200],
    [{ scope: ["b", "a"] }, 200],
    [{ scp: ["a", "b"] }, 200],
    [{ scopes: ["a", "b"] }, 200],
    [{ scope: "a" }, 403],
    [{ scope: "ab" }, 403],
    [{ scope: 7 }, 403],
    [{}, 403],
    ["a b", 403],
  ])("of %j: %i", async (principal, status) => {
    expect(await withScopes(principal, "a", "b")).toMatchObject({
      status,
      challenge: status === 200 ? null : 'Bearer realm="notes", error="insufficient_scope", scope="a b"',
    });
  });

  it("may be found by a function", async () => {
    const layer = new BearerAuthLayer({
      verify: () => "Ada",
      scopesOf: (name) => (name === "Ada" ? ["a"] : null),
    });
    expect(await authApp(layer, layer.requireScopes("a")).bearer("x")).toMatchObject({ status: 200 });
  });

  it.each([[[]], [["a b"]], [['a"b']], [[7]]])("cannot be %j", (scopes) => {
    const layer = new BearerAuthLayer({ verify: () => true });
    expect(() => layer.requireScopes(...(scopes as string[]))).toThrow("takes scopes such as");
  });
});

describe("an optional layer", () => {
  const optional = authApp(new BearerAuthLayer({ verify: (token) => users.get(token), optional: true }));

  it("lets requests without a token pass, and their handlers ask for one", async () => {
    expect(await optional.ask({}, "/anyone")).toMatchObject({ status: 200 });
    expect(await optional.ask()).toMatchObject({ status: 401, challenge: REALM });
    expect(await optional.bearer(TOKEN)).toMatchObject({ status: 200 });
  });

  it("refuses a bad token all the same", async () => {
    expect(await optional.ask({ authorization: "Bearer nobodys-token" }, "/anyone")).toMatchObject(
      INVALID_TOKEN,
    );
  });
});

describe("the principal", () => {
  it("is found under a key of the program's own", async () => {
    const currentUser = new ExtensionKey<{ name: string }>("user");
    const layer = new BearerAuthLayer({ verify: (token) => users.get(token), principalKey: currentUser });
    expect(layer.principalKey).toBe(currentUser);
    expect(await authApp(layer).bearer(TOKEN)).toMatchObject({ status: 200 });
  });

  it("cannot be had outside of the layer", async () => {
    const outside = new BearerAuthLayer({ verify: () => "Ada" });
    const other = authApp(
      Object.assign((handler: unknown) => handler as never, { principal: outside.principal }),
    );
    expect(await other.bearer(TOKEN)).toMatchObject({ status: 500 });
    expect(other.errors).toMatchObject([
      { message: expect.stringContaining("is the BearerAuthLayer on the way") },
    ]);
  });
});

describe("options that cannot be meant are refused", () => {
  const verify = () => true;
  it.each<[object, string]>([
    [{}, "either verify or tokens"],
    [{ verify, tokens: {} }, "either verify or tokens"],
    [{ verify: "token" }, "verify of BearerAuthLayer is a function"],
    [{ verify, scope: "a" }, 'no option "scope"'],
    [{ verify, realm: 'a"b' }, "realm of BearerAuthLayer is text"],
    [{ verify, realm: "a\r\nx: y" }, "realm"],
    [{ verify, realm: "é" }, "realm"],
    [{ verify, realm: 7 }, "not a number"],
    [{ verify, optional: "no" }, "optional of BearerAuthLayer is true or false"],
    [{ verify, principalKey: "user" }, "new ExtensionKey<User>"],
    [{ verify, maxTokenLength: 0 }, "maxTokenLength"],
    [{ tokens: ["0123456789abcdef"] }, "tokens of BearerAuthLayer is an object"],
    [{ tokens: { short: "ci" } }, "has 5 characters"],
    [{ tokens: { undefined: "ci" } }, "has 9 characters"],
    [{ tokens: { "with a space in it and long": "ci" } }, "RFC 6750 allows"],
    [{ tokens: { "0123456789abcdef": null } }, "would never pass"],
  ])("%j", (options, message) => {
    expect(() => new BearerAuthLayer(options as never)).toThrow(message);
  });

  it("a list where there is no node:crypto to compare with", () => {
    const getBuiltinModule = vi.spyOn(process, "getBuiltinModule").mockReturnValue(undefined as never);
    onTestFinished(() => getBuiltinModule.mockRestore());
    expect(() => new BearerAuthLayer({ tokens: { "0123456789abcdef": "ci" } })).toThrow("give it verify");
    expect(() => new BearerAuthLayer({ verify })).not.toThrow();
  });

  it("without telling the token", () => {
    expect(() => new BearerAuthLayer({ tokens: { sesame: "ci" } })).toThrow(/^(?!.*sesame)/);
  });
});
