import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkAlive, checkAnswer } from "./check-answer.ts";
import { type GuardsApp, startGuardsApp } from "./guards-app.ts";
import { type Expectation, hostileCases } from "./hostile-case.ts";
import { parseResponses, sendRaw } from "./raw-client.ts";

const CASES = hostileCases(["cors-csrf"]);
let app: GuardsApp;

beforeAll(async () => {
  app = await startGuardsApp();
});

afterAll(async () => {
  await app.close();
  expect(app.reports).toEqual([]);
});

/** Sends bytes and counts what ran for them, before anything is sent to see whether the server lives. */
async function check(raw: string, { alive, handlerRuns, ...expected }: Expectation): Promise<void> {
  app.runs = 0;
  await checkAnswer(app, raw, expected);
  if (handlerRuns !== undefined) {
    expect(app.runs).toBe(handlerRuns);
  }
  if (alive === true) {
    await checkAlive(app);
  }
}

describe("the data", () => {
  test.each(CASES.map((one) => [one.id, one.title, one] as const))("%s %s", async (_id, _title, one) => {
    await check(one.raw ?? "", one.expect);
  });

  test("has these cases, all of raw bytes", () => {
    expect(CASES.map(({ id }) => id)).toEqual(["R02a", "R02c", "R02e", "R02g", "R04", "R06", "R08"]);
    expect(CASES.every(({ raw }) => raw !== undefined)).toBe(true);
  });
});

const head = (method: string, path: string, ...lines: string[]) =>
  `${method} ${path} HTTP/1.1\r\nHost: site.example\r\n${lines.map((line) => `${line}\r\n`).join("")}Connection: close\r\n\r\n`;
const NOT_ALLOWED = ["access-control-allow-origin", "access-control-allow-credentials"];

test.each(["https://good.example", "https://a.sub.example", "https://my-app.example"])(
  "%s is allowed",
  async (origin) => {
    const header = { "access-control-allow-origin": `^${origin}$`, vary: "Origin" };
    await check(head("GET", "/", `Origin: ${origin}`), { status: [200], header, handlerRuns: 1 });
  },
);

describe("origins that are not allowed", () => {
  test.each([
    "https://good.example\u00a0",
    "https://good.example\u00c2\u00a0",
    "\u00a0https://good.example",
    "https://good.example\u0085",
    "https://good.example\t.evil.example",
    "https://good.example evil.example",
    "https://good.example,https://evil.example",
    "https://good.example;https://evil.example",
    "https://good.example.",
    "https://good.example:443",
    "https://good.example:0",
    "https://good.example:",
    "https://good.example:99999",
    "https://GOOD.example",
    "HTTPS://good.example",
    "http://good.example",
    "https://good.example/",
    "https://good.example/..",
    "https://good.example?",
    "https://good.example#",
    "https://good.example\\.evil.example",
    "https://good.example@evil.example",
    "https://good.example:x@evil.example",
    "https://evil.example/https://good.example",
    "https://goodXexample",
    "https://good\u00f8.example",
    "https://g\u00c3\u00b8\u00c3\u00b8d.example",
    "https://good%2eexample",
    "https://[good.example]",
    "https://sub.example",
    "https://.sub.example",
    "https://a..sub.example/",
    "https://evilsub.example",
    "https://a.sub.example.evil.example",
    "https://a.sub.example:1",
    "https://a@b.sub.example",
    "https://a/b.sub.example",
    "https://a-app.example.evil.example",
    "https://evil.example-app.example",
    "https://-app.example",
    "null",
    "NULL",
    "*",
    "true",
    "{{rep:https://a.:1500}}sub.example",
    "https://{{rep:a:14000}}-app.example",
    "https://{{rep:a-:7000}}app.example",
  ])("%.60j", async (origin) => {
    const expected = { headerAbsent: NOT_ALLOWED, header: { vary: "Origin" }, status: [200], alive: true };
    await check(head("GET", "/", `Origin: ${origin}`), expected);
    await check(head("OPTIONS", "/", `Origin: ${origin}`, "Access-Control-Request-Method: PUT"), {
      ...expected,
      status: [204],
      handlerRuns: 0,
    });
  });

  test.each([
    ["two headers", "Origin: https://good.example\r\nOrigin: https://good.example"],
    ["an evil one first", "Origin: https://evil.example\r\nOrigin: https://good.example"],
    ["an empty one", "Origin:"],
    ["one of spaces", "Origin:  \t "],
  ])("%s", async (_, line) => {
    await check(head("GET", "/", line), {
      headerAbsent: NOT_ALLOWED,
      header: { vary: "Origin" },
      alive: true,
    });
  });

  test("a folded line never reaches the layer", async () => {
    const raw = head("GET", "/", "Origin: https://good.example\r\n .evil.example");
    await check(raw, { status: [200, 400, 0], headerAbsent: NOT_ALLOWED, alive: true });
  });
});

describe("preflights", () => {
  const ORIGIN = "Origin: https://good.example";
  const METHOD = "Access-Control-Request-Method: PUT";

  test("of what is guarded, is missing or has no such method", async () => {
    for (const path of ["/admin", "/admin/below", "/nowhere", "/form", "/admin/"]) {
      await check(head("OPTIONS", path, ORIGIN, METHOD), {
        status: [204],
        handlerRuns: 0,
        header: { "access-control-allow-origin": "^https://good\\.example$" },
      });
    }
  });

  test.each([
    ["a huge list", "a,{{rep:x-b,:3000}}c"],
    ["one huge name", "{{rep:a:14000}}"],
    ["a value", "x: y"],
    ["Latin-1", "x-\u00e9"],
    ["NEL", "x\u0085Set-Cookie: a=b"],
    ["markup", "<script>"],
  ])("requested headers: %s", async (_, headers) => {
    await check(head("OPTIONS", "/", ORIGIN, METHOD, `Access-Control-Request-Headers: ${headers}`), {
      status: [204],
      headerAbsent: ["access-control-allow-headers", "set-cookie"],
      handlerRuns: 0,
      maxBody: 2_000,
      alive: true,
    });
  });

  test.each(["PUT\u0085X: y", "PUT,DELETE", "{{rep:A:5000}}", "P(UT", "\u00e9"])(
    "a requested method: %.20j",
    async (method) => {
      await check(head("OPTIONS", "/", ORIGIN, `Access-Control-Request-Method: ${method}`), {
        status: [204],
        headerAbsent: ["access-control-allow-methods", "x", ...NOT_ALLOWED],
        handlerRuns: 0,
        alive: true,
      });
    },
  );

  test("with a body, which nobody reads, and pipelined requests behind it", async () => {
    const raw =
      `OPTIONS /admin HTTP/1.1\r\nHost: x\r\n${ORIGIN}\r\n${METHOD}\r\nContent-Length: 5\r\n\r\nhello` +
      head("GET", "/");
    const { bytes } = await sendRaw(app, raw);
    expect(parseResponses(bytes, false).map(({ status, body }) => [status, body])).toEqual([
      [204, ""],
      [200, "root"],
    ]);
  });
});

describe("forms of other pages", () => {
  const post = (...lines: string[]) =>
    `POST /form HTTP/1.1\r\nHost: site.example\r\n${lines.map((line) => `${line}\r\n`).join("")}Content-Length: 3\r\nConnection: close\r\n\r\na=1`;

  test.each<[string, readonly string[]]>([
    ["another origin", ["Origin: https://evil.example"]],
    ["another port", ["Origin: http://site.example:81"]],
    ["a subdomain", ["Origin: http://a.site.example"]],
    ["a user name", ["Origin: http://site.example@evil.example"]],
    ["a no-break space", ["Origin: http://site.example\u00a0"]],
    ["an opaque origin", ["Origin: null"]],
    ["an empty origin", ["Origin:"]],
    ["two origins", ["Origin: http://site.example", "Origin: https://evil.example"]],
    ["an origin that CORS allows", ["Origin: https://good.example"]],
    ["a same-site page", ["Sec-Fetch-Site: same-site"]],
    ["two sites", ["Sec-Fetch-Site: same-origin", "Sec-Fetch-Site: cross-site"]],
    ["a site of another case", ["Sec-Fetch-Site: Same-Origin"]],
    ["headers of other cases", ["SEC-FETCH-SITE: cross-site", "ORIGIN: http://site.example"]],
    [
      "a host that is told by nobody who is trusted",
      [
        "Origin: https://evil.example",
        "X-Forwarded-Host: evil.example",
        "X-Forwarded-Proto: https",
        "Forwarded: host=evil.example;proto=https",
      ],
    ],
    ["another method, told in a header", ["Origin: https://evil.example", "X-HTTP-Method-Override: GET"]],
    ["a content type of no form", ["Origin: https://evil.example", "Content-Type: application/json"]],
    [
      "a content type in two headers",
      ["Origin: https://evil.example", "Content-Type: application/json", "Content-Type: text/plain"],
    ],
  ])("%s", async (_, lines) => {
    await check(post(...lines), {
      status: [403],
      handlerRuns: 0,
      alive: true,
      bodyIncludes: ["ARGANIA_CSRF"],
    });
  });

  test.each<[string, readonly string[]]>([
    ["its own page", ["Origin: http://site.example", "Sec-Fetch-Site: same-origin"]],
    ["its own page over plain HTTP", ["Origin: http://site.example"]],
    ["its own page behind something that ends TLS", ["Origin: https://site.example"]],
    ["what the user typed", ["Sec-Fetch-Site: none"]],
    ["no browser", []],
  ])("%s may", async (_, lines) => {
    await check(post(...lines), { status: [200], handlerRuns: 1, bodyEquals: "posted" });
  });

  test("a request in absolute form is for the host of its target", async () => {
    const raw = post("Origin: https://evil.example").replace("POST /form", "POST http://evil.example/form");
    // No browser sends this form; who can send it needs no page.
    await check(raw, { status: [200], alive: true });
    await check(raw.replace("evil.example/form", "site.example/form"), { status: [403] });
  });
});
