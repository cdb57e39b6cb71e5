import { createHmac } from "node:crypto";
import { _get, _requestReceiver, Resource, Server, type ServerHandle } from "argania";
import { JwtAuthLayer } from "argania/jwt";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AUDIENCE, claims, EC, ISSUER, RSA, SECRET, sign, unsigned } from "../auth/issuer.ts";
import { checkAnswer } from "./check-answer.ts";
import { request } from "./requests.ts";

const common = { issuer: ISSUER, audience: AUDIENCE };
const PEM = RSA.publicKey.export({ format: "pem", type: "spki" }) as string;
let handle: ServerHandle;
let target: { host: string; port: number };

beforeAll(async () => {
  const root = new Resource("/").setHandlerFor(_get.to(() => "root"));
  const layers = {
    secret: new JwtAuthLayer({ ...common, key: SECRET, algorithms: ["HS256"] }),
    rsa: new JwtAuthLayer({ ...common, key: PEM, algorithms: ["RS256"] }),
    kid: new JwtAuthLayer({ ...common, keys: { k: PEM }, algorithms: ["RS256", "ES256"] }),
  };
  for (const [name, layer] of Object.entries(layers)) {
    const resource = root.subresource(`/${name}`).addLayerTo(_requestReceiver(layer));
    resource.setHandlerFor(_get.to([layer.claims], ({ sub }) => `user ${sub}`));
  }
  const logger = { error: () => {} };
  handle = await new Server().withLogger(logger).serve(root.intoService({ logger }), "127.0.0.1:0");
  target = { host: handle.address.host, port: handle.address.port };
});

afterAll(() => handle.close());

const answers = (path: string, lines: readonly string[], status: number, body?: string) =>
  checkAnswer(target, request(path, [...lines]), {
    status: [status],
    alive: true,
    ...(body === undefined ? { bodyExcludes: ["user", "exp", "signature", "key"] } : { bodyEquals: body }),
  });
const refuses = (path: string, token: string) => answers(path, [`Authorization: Bearer ${token}`], 401);

test("the layers let good tokens pass", async () => {
  await answers("/secret", [`Authorization: Bearer ${await sign()}`], 200, "user 7");
  const rsa = await sign(claims(), { alg: "RS256", kid: "k" }, RSA.privateKey);
  await answers("/rsa", [`Authorization: Bearer ${rsa}`], 200, "user 7");
  await answers("/kid", [`Authorization: Bearer ${rsa}`], 200, "user 7");
});

describe("algorithms", () => {
  test.each(["none", "None", "NONE", "nOnE", "", " none", "HS256 ", "hs256"])(
    "%j is no way around",
    async (alg) => {
      for (const path of ["/secret", "/rsa", "/kid"]) {
        await refuses(path, `${unsigned({ alg, kid: "k" }, claims())}AAAA`);
      }
      await answers("/secret", [`Authorization: Bearer ${unsigned({ alg }, claims())}`], 401);
    },
  );

  test.each([[["HS256"]], [{ alg: "HS256" }], [7], [null], [true]])("nor is %j", async (alg) => {
    await refuses("/secret", unsigned({ alg }, claims(), "AAAA"));
  });

  test.each(["pem", "der", "trimmed"])("nor is the public key as a secret: %s", async (form) => {
    const key =
      form === "der"
        ? RSA.publicKey.export({ format: "der", type: "spki" })
        : Buffer.from(form === "pem" ? PEM : PEM.trim());
    const parts = unsigned({ alg: "HS256", kid: "k" }, claims());
    const signature = createHmac("sha256", key).update(parts.slice(0, -1)).digest("base64url");
    await refuses("/rsa", `${parts}${signature}`);
    await refuses("/kid", `${parts}${signature}`);
  });

  test("nor is another good algorithm", async () => {
    await refuses(
      "/secret",
      await sign(claims(), { alg: "HS512" }, new TextEncoder().encode(SECRET.repeat(2))),
    );
    await refuses("/rsa", await sign(claims(), { alg: "PS256" }, RSA.privateKey));
    await refuses("/kid", await sign(claims(), { alg: "ES256", kid: "k" }, EC.privateKey));
  });
});

describe("headers of tokens", () => {
  const jwk = EC.publicKey.export({ format: "jwk" });
  test.each<[string, object]>([
    ["a key of one's own", { jwk }],
    ["where to fetch one", { jku: "http://127.0.0.1:1/jwks.json", x5u: "http://127.0.0.1:1/" }],
    ["an unknown critical extension", { crit: ["exp"], exp: 1 }],
    ["critical extensions that are none", { crit: [] }],
    ["a payload that is not encoded", { b64: false, crit: ["b64"] }],
  ])("with %s are refused", async (_, header) => {
    const parts = unsigned({ alg: "RS256", kid: "k", ...header }, claims());
    await refuses("/kid", `${parts}AAAA`);
    await refuses(
      "/rsa",
      await sign(
        claims(),
        { alg: "ES256", ...(header as { jwk?: never }), crit: undefined as never, b64: undefined as never },
        EC.privateKey,
      ),
    );
  });

  test.each(["../../../../dev/null", "/dev/null", "k\0", "__proto__", ["k"], { toString: "k" }, 7])(
    "with the kid %j are refused",
    async (kid) => {
      await refuses("/kid", unsigned({ alg: "RS256", kid }, claims(), "AAAA"));
    },
  );
});

describe("what is no signed token", () => {
  test.each<[string, string]>([
    ["a JWE", `${unsigned({ alg: "dir", enc: "A256GCM" }, "")}AAAA.AAAA.AAAA`],
    ["two parts", "AAAA.AAAA"],
    ["no signature", "AAAA.AAAA."],
    ["no payload", "AAAA..AAAA"],
    ["dots", ".."],
    ["many dots", ".".repeat(4000)],
    ["no base64", "a.b.c"],
    ["padding", "AAAA.AAAA.AA=="],
    ["no JSON", unsigned("{", "{", "AAAA")],
    ["deep JSON", unsigned("[".repeat(2000), "{}", "AAAA")],
    ["an array", unsigned([], [], "AAAA")],
    ["null", unsigned("null", "null", "AAAA")],
    ["bytes that are no UTF-8", `${Buffer.from([0xff, 0xfe]).toString("base64url")}.AAAA.AAAA`],
    ["a poisoned header", unsigned('{"__proto__":{"alg":"HS256"}}', "{}", "AAAA")],
    ["more than tokens have", "A".repeat(9000)],
  ])("%s is refused", async (_, token) => {
    for (const path of ["/secret", "/rsa", "/kid"]) {
      await refuses(path, token);
    }
  });

  test("a good token that was changed", async () => {
    const [header, payload, signature] = (await sign()).split(".") as [string, string, string];
    await refuses("/secret", `${header}.${unsigned({}, claims({ sub: "1" })).split(".")[1]}.${signature}`);
    await refuses("/secret", `${header}.${payload}.${signature.slice(0, -2)}`);
    await refuses("/secret", `${header}.${payload}.${signature}AA`);
    await refuses("/secret", `${header}.${payload}.`);
  });

  test("claims that are signed and no object", async () => {
    const header = Buffer.from('{"alg":"HS256"}').toString("base64url");
    for (const payload of ["[]", "7", "null", '"a"', "{", ""]) {
      const body = `${header}.${Buffer.from(payload).toString("base64url")}`;
      await refuses("/secret", `${body}.${createHmac("sha256", SECRET).update(body).digest("base64url")}`);
    }
  });
});

describe("the Authorization header", () => {
  test("twice is a 400, whichever of them is good", async () => {
    const good = `Authorization: Bearer ${await sign()}`;
    await answers("/secret", [good, "Authorization: Bearer x.y.z"], 400);
    await answers("/secret", ["authorization: Bearer x.y.z", good], 400);
    await answers("/secret", [good, good], 400);
    await answers("/secret", [good, "Authorization: Basic YTpi"], 400);
    await answers("/secret", ["Authorization: Basic YTpi", good], 401);
  });

  test.each([
    ["Bearer\t{}", 401],
    ["Bearer {} ", 200],
    ["Bearer {}, {}", 400],
    ["Bearer {};", 400],
    ["Bearer \u00a0{}", 400],
    ["Bearer\u00a0{}", 401],
    ["B\u00e9arer {}", 401],
    ["\u0392earer {}", 401],
    ["Bearer {}\u00e9", 400],
    ['Bearer token="{}"', 400],
    ["", 401],
  ])("%j: %i", async (template, status) => {
    const line = `Authorization: ${template.replaceAll("{}", await sign())}`;
    await answers(
      "/secret",
      [Buffer.from(line).toString("latin1")],
      status,
      status === 200 ? "user 7" : undefined,
    );
  });

  test("larger than the server takes", async () => {
    const raw = request("/secret", ["Authorization: Bearer {{rep:x:100000}}"]);
    await checkAnswer(target, raw, { status: [431, 0], alive: true });
  });
});

test("nothing of it reaches prototypes", () => {
  expect(({} as Record<string, unknown>).alg).toBeUndefined();
});
