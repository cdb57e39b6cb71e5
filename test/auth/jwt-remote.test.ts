import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { JwtAuthLayer } from "argania/jwt";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { authApp, INVALID_TOKEN } from "./auth-app.ts";
import { AUDIENCE, claims, EC, ISSUER, now, RSA, sign } from "./issuer.ts";

const jwk = { ...RSA.publicKey.export({ format: "jwk" }), kid: "r" };
const token = (kid = "r") => sign(claims(), { alg: "RS256", kid }, RSA.privateKey);

/** Serves a key set, and a layer that uses it. */
async function remote(listener: RequestListener) {
  let requests = 0;
  const server = createServer((request, response) => {
    requests++;
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const layer = new JwtAuthLayer({
    jwks: `http://127.0.0.1:${port}/jwks.json`,
    algorithms: ["RS256"],
    issuer: ISSUER,
    audience: AUDIENCE,
  });
  return { ...authApp(layer), requests: () => requests };
}

const send =
  (body: unknown, status = 200): RequestListener =>
  (_, response) => {
    response
      .writeHead(status, { "content-type": "application/json" })
      .end(typeof body === "string" ? body : JSON.stringify(body));
  };

describe("keys that are fetched", () => {
  it("are fetched once, when the first token comes, for tokens that come together, too", async () => {
    const app = await remote(send({ keys: [jwk] }));
    expect(app.requests()).toBe(0);
    expect(await app.ask()).toMatchObject({ status: 401 });
    expect(app.requests()).toBe(0);
    const good = await token();
    const answers = await Promise.all(Array.from({ length: 10 }, () => app.bearer(good)));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
    expect(app.requests()).toBe(1);
  });

  it("are not fetched again for every kid that somebody makes up", async () => {
    const app = await remote(send({ keys: [jwk] }));
    await app.bearer(await token());
    for (const kid of ["a", "b", "c"]) {
      expect(await app.bearer(await token(kid))).toMatchObject(INVALID_TOKEN);
    }
    expect(app.requests()).toBe(1);
  });

  it("are not fetched for tokens that cannot be good", async () => {
    const app = await remote(send({ keys: [jwk] }));
    expect(await app.bearer(await sign())).toMatchObject(INVALID_TOKEN);
    expect(await app.bearer("x.y.z")).toMatchObject(INVALID_TOKEN);
    expect(app.requests()).toBe(0);
  });

  it("may fit several times: each is tried", async () => {
    const { kid: _, ...bare } = jwk;
    const other = { ...bare, n: `${"x".repeat(20)}${bare.n?.slice(20)}` };
    const app = await remote(send({ keys: [other, bare] }));
    expect(await app.bearer(await sign(claims(), { alg: "RS256" }, RSA.privateKey))).toMatchObject({
      status: 200,
    });
    const set = await remote(send({ keys: [other, other] }));
    expect(await set.bearer(await sign(claims(), { alg: "RS256" }, RSA.privateKey))).toMatchObject(
      INVALID_TOKEN,
    );
  });

  it("may be of other kinds as well", async () => {
    const app = await remote(
      send({ keys: [EC.publicKey.export({ format: "jwk" }), { kty: "oct", k: "AAAA" }, jwk] }),
    );
    expect(await app.bearer(await token())).toMatchObject({ status: 200 });
  });
});

describe("keys that cannot be fetched are a 503, and nobody's token is called bad", () => {
  it.each<[string, RequestListener]>([
    ["an error", send("down", 500)],
    ["a redirect", (_, response) => response.writeHead(302, { location: "http://127.0.0.1:1/" }).end()],
    ["no JSON", send("<html>")],
    ["no key set", send({ keys: "none" })],
    ["a key set that is too long", send(JSON.stringify({ keys: [jwk], x: "x".repeat(600_000) }))],
    ["a connection that breaks", (request) => request.socket.destroy()],
  ])("%s", async (_, listener) => {
    const app = await remote(listener);
    const answer = await app.bearer(await token());
    expect(answer).toMatchObject({ status: 503, challenge: null });
    expect(answer.body).not.toMatch(/127|jwks|JSON/);
    expect(app.errors).toMatchObject([{ code: "ARGANIA_KEYS_UNAVAILABLE", cause: expect.any(Error) }]);
  });

  it("and are asked for again after a pause, whatever happens to the clock", async () => {
    let isDown = true;
    const app = await remote((request, response) =>
      isDown ? send("down", 500)(request, response) : send({ keys: [jwk] })(request, response),
    );
    const good = await sign(claims({ exp: now() + 7200 }), { alg: "RS256", kid: "r" }, RSA.privateKey);
    vi.useFakeTimers({ toFake: ["Date", "performance"] });
    onTestFinished(() => void vi.useRealTimers());
    expect(await app.bearer(good)).toMatchObject({ status: 503 });
    isDown = false;
    vi.setSystemTime(Date.now() - 3_600_000);
    expect(await app.bearer(good)).toMatchObject({ status: 503 });
    vi.advanceTimersByTime(5001);
    expect(await app.bearer(good)).toMatchObject({ status: 200 });
  });

  it.each([[send("down", 500)], [send({ keys: "none" })], [send({ keys: [jwk, 1] })], [send("null")]])(
    "and are not asked for again at once",
    async (listener) => {
      const app = await remote(listener);
      const good = await token();
      for (let count = 0; count < 5; count++) {
        expect(await app.bearer(good)).toMatchObject({ status: 503 });
      }
      expect(app.requests()).toBe(1);
    },
  );
});
