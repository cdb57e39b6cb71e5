import { _get, _requestReceiver, ExtensionKey, Resource } from "argania";
import { BasicAuthLayer } from "argania/middleware";
import { describe, expect, it } from "vitest";
import { authApp } from "./auth-app.ts";

const encode = (text: string) => Buffer.from(text).toString("base64");
const basic = (text: string) => ({ authorization: `Basic ${encode(text)}` });
const REFUSED = { status: 401, challenge: 'Basic realm="restricted", charset="UTF-8"' };

describe("users in a list", () => {
  const app = authApp(new BasicAuthLayer({ users: { ada: "päss:wörd", bob: "x" } }));

  it.each([
    ["ada:päss:wörd", '"ada"'],
    ["bob:x", '"bob"'],
  ])("pass with %s", async (text, body) => {
    expect(await app.ask(basic(text))).toEqual({ status: 200, challenge: null, body });
    expect(await app.ask({ authorization: `bAsIc   ${encode(text)}` })).toMatchObject({ status: 200 });
  });

  it.each([
    "ada:x",
    "bob:päss:wörd",
    "bob:",
    ":x",
    "bob",
    "",
    "bob:x\0",
    "bob:x\n",
    "Bob:x",
    "__proto__:x",
    "bob:x:",
  ])("do not pass with %j", async (text) => {
    expect(await app.ask(basic(text))).toMatchObject(REFUSED);
  });

  it.each([
    "Basic",
    "Basic ",
    "Basic !!!!",
    "Basic Ym9iOng",
    "Basic Ym9iOng= x",
    "Basic Ym9iOng=, Basic Ym9iOng=",
    "Basic Ym9iOng=, Bearer abc",
    "Bearer abc, Basic Ym9iOng=",
    "Basic Ym9i Ong=",
    "Basic Ym9iOv8=",
    "Basic =",
    "Bearer abc",
    `Basic ${"A".repeat(10_000)}`,
  ])("do not pass with the header %j", async (authorization) => {
    const { status, challenge } = await app.ask({ authorization });
    // Base64 without padding is what some clients send, and can be read one way only.
    expect({ status, challenge }).toEqual(
      authorization === "Basic Ym9iOng" ? { status: 200, challenge: null } : REFUSED,
    );
  });

  it("do not pass without a header", async () => {
    expect(await app.ask()).toMatchObject(REFUSED);
  });
});

describe("verify", () => {
  it("gets the name and the password, and says who it is", async () => {
    const layer = new BasicAuthLayer({
      realm: "admin",
      verify: async (name, password) => (password === "x" ? { name } : null),
    });
    const app = authApp(layer);
    expect(await app.ask(basic("ada:x"))).toMatchObject({ status: 200, body: '{"name":"ada"}' });
    expect(await app.ask(basic("ada:y"))).toMatchObject({
      status: 401,
      challenge: 'Basic realm="admin", charset="UTF-8"',
    });
  });

  it("that throws is no 401", async () => {
    const layer = new BasicAuthLayer<string>({
      verify() {
        throw new Error("The database is down.");
      },
    });
    expect(await authApp(layer).ask(basic("ada:x"))).toMatchObject({ status: 500 });
  });
});

it("the principal is found under a key of the program's own", async () => {
  const user = new ExtensionKey<string>("user");
  const layer = new BasicAuthLayer({ users: { bob: "x" }, principalKey: user });
  expect(layer.principalKey).toBe(user);
  const root = new Resource("/").addLayerTo(_requestReceiver(layer));
  root.setHandlerFor(_get.to((context) => `${context.extensions.get(user)} ${layer.principalOf(context)}`));
  expect(await (await root.intoService().request("/", { headers: basic("bob:x") })).text()).toBe("bob bob");
});

it("an optional layer lets requests without credentials pass, and refuses wrong ones", async () => {
  const layer = new BasicAuthLayer({ users: { bob: "x" }, optional: true });
  const app = authApp(layer);
  expect(await app.ask({}, "/anyone")).toMatchObject({ status: 200 });
  expect(await app.ask()).toMatchObject(REFUSED);
  expect(await app.ask(basic("bob:y"), "/anyone")).toMatchObject(REFUSED);
});

describe("options that cannot be meant are refused", () => {
  it.each<[object, string]>([
    [{}, "either verify or users"],
    [{ users: {}, verify: () => true }, "either verify or users"],
    [{ verify: 7 }, "verify of BasicAuthLayer is a function"],
    [{ users: ["ada"] }, "users of BasicAuthLayer is an object"],
    [{ users: { ada: undefined } }, "is the environment variable set?"],
    [{ users: { ada: "" } }, "is the environment variable set?"],
    [{ users: { ada: "a\nb" } }, "control characters"],
    [{ users: { "a:b": "x" } }, "has a colon"],
    [{ users: { "": "x" } }, "is empty"],
    [{ users: { ada: "x" }, realm: "\\" }, "realm"],
    [{ users: { ada: "x" }, charset: "UTF-8" }, 'no option "charset"'],
  ])("%j", (options, message) => {
    expect(() => new BasicAuthLayer(options as never)).toThrow(message);
  });
});
