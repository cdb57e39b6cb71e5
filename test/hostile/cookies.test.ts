import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkAnswer } from "./check-answer.ts";
import { type CookieApp, KEY, startCookieApp } from "./cookie-app.ts";
import { hostileCases } from "./hostile-case.ts";
import { request } from "./requests.ts";

const CASES = hostileCases(["cookies", "crlf"]);
let app: CookieApp;

beforeAll(async () => {
  app = await startCookieApp();
});

afterAll(async () => {
  await app.close();
});

describe("the data", () => {
  const raw = CASES.filter((one) => one.raw !== undefined);
  test.each(raw.map((one) => [one.id, one.title, one] as const))("%s %s", async (_id, _title, one) => {
    await checkAnswer(app, one.raw ?? "", one.expect);
  });

  test("no case of these classes is left out", () => {
    expect(raw.map(({ id }) => id)).toEqual(["K02", "K04", "K06", "K12"]);
    expect(CASES.filter((one) => one.raw === undefined).map(({ id }) => id)).toEqual(["K08", "K10"]);
  });
});

/** The jar holds exactly these cookies when a request has a `Cookie` header, written as latin1 bytes. */
const holds = (header: string, cookies: readonly (readonly [string, string])[]) =>
  checkAnswer(app, request("/cookies", [`Cookie: ${header}`]), {
    status: [200],
    bodyEquals: JSON.stringify(cookies),
    alive: true,
  });

describe("what is read", () => {
  test("K02: a no-break space before a name is part of it, in UTF-8 and in Latin-1", async () => {
    await holds("\u00c2\u00a0__Host-sid=evil; __Host-sid=good", [
      ["\u00c2\u00a0__Host-sid", "evil"],
      ["__Host-sid", "good"],
    ]);
    await holds("\u00a0__Host-sid=evil; __Host-sid=good", [
      ["\u00a0__Host-sid", "evil"],
      ["__Host-sid", "good"],
    ]);
  });

  test.each<[string, string, readonly (readonly [string, string])[]]>([
    [
      "other spaces of Unicode",
      "\u0085a=evil; \u00e2\u0080\u0080a=evil; a=good",
      [
        ["\u0085a", "evil"],
        ["\u00e2\u0080\u0080a", "evil"],
        ["a", "good"],
      ],
    ],
    ["K04: nameless cookies", "=__Host-sid=evil; __Host-sid=good", [["__Host-sid", "good"]]],
    ["cookies without an equals sign", "__Host-sid; __Host-sid=good", [["__Host-sid", "good"]]],
    ["K06: two of a name", "a=1; a=2", [["a", "1"]]],
    [
      "percent-encoded names",
      "__%48ost-sid=evil; __Host-sid=good",
      [
        ["__%48ost-sid", "evil"],
        ["__Host-sid", "good"],
      ],
    ],
    [
      "names in another case",
      "__host-sid=evil; __Host-sid=good",
      [
        ["__host-sid", "evil"],
        ["__Host-sid", "good"],
      ],
    ],
    [
      "the legacy $Version (RFC 2109)",
      '$Version=1; a="1; __Host-sid=evil"; $Path=/; b="\\"x"',
      [
        ["$Version", "1"],
        ["a", '"1'],
        ["__Host-sid", 'evil"'],
        ["$Path", "/"],
        ["b", '"\\"x"'],
      ],
    ],
    ["commas, which separate nothing", "a=1, __Host-sid=evil", [["a", "1, __Host-sid=evil"]]],
    [
      "names of prototypes",
      "__proto__=1; constructor=2; toString=3",
      [
        ["__proto__", "1"],
        ["constructor", "2"],
        ["toString", "3"],
      ],
    ],
    [
      "malformed encodings",
      "a=%; b=%zz; c=%C3%28; d=%00",
      [
        ["a", "%"],
        ["b", "%zz"],
        ["c", "%C3%28"],
        ["d", "\0"],
      ],
    ],
    ["nothing", "", []],
    ["signs only", ";;;=;=; ;==;\t;", []],
  ])("%s", async (_, header, cookies) => {
    await holds(header, cookies);
  });

  test.each([
    ["many cookies", "{{rep:a=1;:3500}}"],
    ["semicolons", "{{rep:;:14000}}"],
    ["equals signs", "{{rep:=:14000}}"],
    ["percent signs", "a={{rep:%:14000}}"],
  ])("%s cost little", async (_, header) => {
    await checkAnswer(app, request("/cookies", [`Cookie: ${header}`]), {
      status: [200],
      maxMs: 200,
      alive: true,
    });
  });

  test("a header larger than the server takes is refused", async () => {
    const raw = request("/cookies", ["Cookie: a={{rep:x:100000}}"]);
    await checkAnswer(app, raw, { status: [431, 0], alive: true });
  });
});

describe("K08: what is protected", () => {
  const reads = (path: string, cookie: string, expected: string) =>
    checkAnswer(app, request(path, [`Cookie: ${cookie}`]), {
      status: [200],
      bodyEquals: expected,
      alive: true,
    });

  test.each([
    ["signed", KEY.sign("a", ".user-7")],
    ["private", KEY.seal("a", ".user-7")],
  ])("%s cookies hold for their name, and as they are", async (kind, token) => {
    await reads(`/${kind}/a`, `a=${token}`, "user-7");
    await reads(`/${kind}/b`, `b=${token}`, "none");
    await reads(`/${kind}/A`, `A=${token}`, "none");
    await reads(`/${kind}/a`, `a=${token.slice(0, -1)}`, "none");
    await reads(`/${kind}/a`, `a=${token}%20`, "none");
    await reads(`/${kind}/a`, `a=${token}%00`, "none");
    await reads(`/${kind}/a`, `a="${token}"`, "none");
    await reads(`/${kind}/a`, `a=; a=${token}`, "none");
    await reads(`/${kind}/a`, `a=${KEY.sign("a", ".7").slice(0, 43)}${token.slice(43)}`, "none");
    await reads(`/${kind}/a`, "a=user-7", "none");
    await reads(`/${kind}/a`, "a={{rep:A:14000}}", "none");
    await reads(`/${kind}/__proto__`, "a=1", "none");
  });

  test("signed cookies are no private ones, nor the other way round", async () => {
    await reads("/private/a", `a=${KEY.sign("a", ".7")}`, "none");
    await reads("/signed/a", `a=${KEY.seal("a", ".7")}`, "none");
  });
});

describe("K10: nothing is injected when a cookie is set", () => {
  const set = (...cookie: readonly unknown[]) =>
    request(`/set?json=${encodeURIComponent(JSON.stringify(cookie))}`);

  test.each<[unknown, unknown, object?]>([
    ["a\r\nX: y", "1"],
    ["a\n", "1"],
    ["a;Domain", "1"],
    ["a=b", "1"],
    ["\u0100a", "1"],
    ["", "__Host-a=1"],
    ["a", "1", { path: "/; HttpOnly" }],
    ["a", "1", { path: "/\r\nX: y" }],
    ["a", "1", { path: "/\u560a" }],
    ["a", "1", { domain: "x;Secure" }],
    ["a", "1", { domain: "x\r\nX: y" }],
    ["a", "1", { domain: ["x", ";Secure"] }],
    ["a", "1", { sameSite: "Lax; Domain=evil" }],
    ["a", "1", { sameSite: { toString: 1 } }],
    ["a", "1", { maxAge: "1; Domain=evil" }],
    ["a", "1", { expires: "x; Domain=evil" }],
    ["a", "1", { priority: "high; Domain=evil" }],
    ["a", { toString: 1 }],
    ["a", ["1"]],
  ])("%j=%j %j", async (...cookie) => {
    await checkAnswer(app, set(...cookie), {
      status: [500],
      headerAbsent: ["x", "set-cookie"],
      bodyExcludes: ["Domain", "cookie"],
      alive: true,
    });
  });

  test("more than browsers take", async () => {
    await checkAnswer(app, set("a", "x".repeat(5000)), { status: [500], headerAbsent: ["set-cookie"] });
  });

  test.each([
    ["line breaks", "1\r\nX: y\r\n\r\n<script>", "1%0D%0AX%3A%20y%0D%0A%0D%0A%3Cscript%3E"],
    ["attributes", "1; Domain=evil", "1%3B%20Domain%3Devil"],
    ["NUL", "\0", "%00"],
    ["characters that a byte would cut to a line break", "\u560d\u560a", "%E5%98%8D%E5%98%8A"],
  ])("a value may have %s, encoded", async (_, value, encoded) => {
    await checkAnswer(app, set("a", value), {
      status: [200],
      header: {
        "set-cookie": `^fine=1; [^=]*Path=/; HttpOnly; SameSite=Lax, a=${encoded}; Path=/; HttpOnly; SameSite=Lax$`,
      },
      headerAbsent: ["x"],
      bodyEquals: "set",
    });
  });
});

describe("crlf: decoded params in a header", () => {
  test.each(["x%0d%0aX-Evil:%20y", "x%0aX-Evil:y", "x%0dX-Evil:y", "x%E5%98%8D%E5%98%8AX-Evil:y", "x%7F"])(
    "%s is a 500, never a header",
    async (value) => {
      await checkAnswer(app, request(`/hdr/${value}`), {
        status: [500],
        headerAbsent: ["x-evil", "x-value"],
        alive: true,
      });
    },
  );
});
