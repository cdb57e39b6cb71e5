import { _get, _requestReceiver, Resource, Server, type ServerHandle } from "argania";
import { CookieKey, cookieKey } from "argania/cookies";
import { defineSession, MemorySessionStore, SessionLayer } from "argania/middleware";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkAnswer } from "./check-answer.ts";
import { request } from "./requests.ts";

const KEY = CookieKey.from("a secret of hostile tests, 32 bytes or more");
const whole = defineSession<{ userId: string }>({ name: "whole" });
const stored = defineSession<{ userId: string }>({ name: "stored", store: new MemorySessionStore() });
let handle: ServerHandle;
let target: { host: string; port: number };

beforeAll(async () => {
  const root = new Resource("/").setProperty(cookieKey.to(KEY)).setHandlerFor(_get.to(() => "root"));
  root.addLayerTo(_requestReceiver([new SessionLayer(whole), new SessionLayer(stored)]));
  for (const [name, session] of Object.entries({ whole, stored })) {
    const user = root.subresource(`/${name}`);
    user.setHandlerFor(_get.to([session], (current) => `user ${current.get("userId") ?? "none"}`));
    user.subresource("/login").setHandlerFor(
      _get.to([session], (current) => {
        current.regenerate().set("userId", "7");
        return "";
      }),
    );
  }
  const logger = { error: () => {} };
  handle = await new Server().withLogger(logger).serve(root.intoService({ logger }), "127.0.0.1:0");
  target = { host: handle.address.host, port: handle.address.port };
});

afterAll(() => handle.close());

const reads = (path: string, cookie: string, user: string) =>
  checkAnswer(target, request(path, [`Cookie: ${cookie}`]), {
    status: [200],
    bodyEquals: `user ${user}`,
    headerAbsent: ["set-cookie"],
    alive: true,
  });

async function login(name: "whole" | "stored"): Promise<string> {
  const response = await fetch(`http://${target.host}:${target.port}/${name}/login`);
  return response.headers
    .getSetCookie()[0]
    ?.split(";")[0]
    ?.slice(name.length + 1) as string;
}

describe.each(["whole", "stored"] as const)("the cookie of a session: %s", (name) => {
  const other = name === "whole" ? "stored" : "whole";

  test("holds for its name, and as it is", async () => {
    const token = await login(name);
    await reads(`/${name}`, `${name}=${token}`, "7");
    const flipped = `${token.startsWith("A") ? "B" : "A"}${token.slice(1)}`;
    for (const cookie of [
      `${other}=${token}`,
      `${name}=${token.slice(0, -1)}`,
      `${name}=${token.slice(0, 20)}`,
      `${name}=${token}A`,
      `${name}=${token}%00`,
      `${name}="${token}"`,
      `${name}=${flipped}`,
      `${name}=; ${name}=${token}`,
      `__Host-${name}=${token}`,
      `${name.toUpperCase()}=${token}`,
    ]) {
      await reads(`/${name}`, cookie, "none");
    }
    await reads(`/${other}`, `${other}=${token}`, "none");
  });

  test.each([
    ["nothing", ""],
    ["text", "user-7"],
    ["JSON", '[1,"a",9999999999,9999999999,{"userId":"7"}]'],
    ["another key", CookieKey.generate().seal(name, '[1,"a",9999999999,9999999999,{"userId":"7"}]')],
    ["a signature", KEY.sign(name, '[1,"a",9999999999,9999999999,{"userId":"7"}]')],
    ["a private cookie", KEY.seal(name, '.{"userId":"7"}')],
    ["much", "A".repeat(12_000)],
  ])("is not made of %s", async (_, value) => {
    await reads(`/${name}`, `${name}=${encodeURIComponent(value)}`, "none");
  });

  test.each([
    "7",
    "null",
    "{}",
    "[]",
    '[1,7,9999999999,9999999999,{"userId":"7"}]',
    '[1,"a","x",9999999999,{"userId":"7"}]',
    '[1,"a",9999999999,9999999999,["userId"]]',
    '[1,"a",9999999999,9999999999,null]',
    '[1,"a",1,9999999999,{"userId":"7"}]',
    '[1,"a",9999999999,1,{"userId":"7"}]',
    "[2,7]",
    '[2,"__proto__"]',
    '[3,"a",9999999999,9999999999,{"userId":"7"}]',
    "[",
  ])("is absent when the server itself has sealed %s", async (text) => {
    await reads(`/${name}`, `${name}=${KEY.seal(name, text)}`, "none");
  });
});

test("a session of prototypes touches none", async () => {
  const now = Math.floor(Date.now() / 1000);
  const token = KEY.seal("whole", `[1,"a",${now},${now},{"__proto__":{"userId":"7"},"constructor":1}]`);
  await reads("/whole", `whole=${token}`, "none");
  expect(({} as Record<string, unknown>).userId).toBeUndefined();
});

test("requests at once get what belongs to them", async () => {
  const tokens = await Promise.all(Array.from({ length: 20 }, () => login("stored")));
  expect(new Set(tokens).size).toBe(20);
  await Promise.all(
    tokens.map((token, index) =>
      reads(
        "/stored",
        index % 2 === 0 ? `stored=${token}` : `stored=x${token}`,
        index % 2 === 0 ? "7" : "none",
      ),
    ),
  );
});
