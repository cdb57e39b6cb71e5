import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type BodiesApp, startBodiesApp } from "./bodies-app.ts";
import { checkAnswer } from "./check-answer.ts";
import { type Expectation, hostileCases } from "./hostile-case.ts";

let site: BodiesApp;

beforeAll(async () => {
  site = await startBodiesApp();
});

afterAll(async () => {
  site.app.process.kill("SIGKILL");
  await site.app.exit;
});

const UNPOLLUTED = "[true,[]]";

async function check(raw: string, expected: Expectation): Promise<void> {
  await checkAnswer(site, raw, expected);
  expect(await site.get("/polluted")).toBe(UNPOLLUTED);
  expect(await site.get("/reports")).toBe("0");
  expect(site.app.output()).not.toMatch(/unhandled|warning/);
}

describe.each(["json-body", "form-body"])("%s", (name) => {
  const raw = hostileCases([name]).filter((one) => one.raw !== undefined);

  test.each(raw.map((one) => [one.id, one.title, one] as const))("%s %s", async (_id, _title, one) => {
    await check(one.raw ?? "", one.expect);
  });
});

test("what is no raw bytes is scripted: in body-bombs.test.ts, and H26 in scenarios.test.ts", () => {
  const steps = hostileCases(["json-body", "form-body"]).filter((one) => one.raw === undefined);
  expect(steps.map(({ id }) => id)).toEqual(["H24", "H26"]);
});

const FORM = "application/x-www-form-urlencoded";

function post(path: string, type: string, body: string | Buffer, ...headers: string[]): string {
  const bytes = Buffer.from(body).toString("latin1");
  const lines = ["Host: 127.0.0.1", `Content-Type: ${type}`, `Content-Length: ${bytes.length}`, ...headers];
  return `POST ${path} HTTP/1.1\r\n${lines.join("\r\n")}\r\nConnection: close\r\n\r\n${bytes}`;
}

const ALIVE = { alive: true };
const REFUSED = { ...ALIVE, status: [400] };

describe("forms of our own invention", () => {
  test.each<[string, string | Buffer, Expectation]>([
    ["only separators", "&".repeat(1_000_000), { ...ALIVE, status: [200], bodyEquals: "{}" }],
    ["a million names", "a&".repeat(500_000), { ...ALIVE, status: [413] }],
    ["one name a thousand times", "a=1&".repeat(1_000), { ...ALIVE, status: [200] }],
    ["one name with a megabyte of percent signs", `a=${"%".repeat(1_000_000)}`, { ...ALIVE, status: [200] }],
    ["a thousand stray percent signs", "%=%&".repeat(1_000), { ...ALIVE, status: [200] }],
    ["half an escape at the end", "a=%f", { ...ALIVE, status: [200], bodyEquals: '{"a":"%f"}' }],
    ["an overlong NUL", "a=%C0%80", REFUSED],
    ["a lone surrogate", "a=%ED%A0%80", REFUSED],
    ["names of Object.prototype", "toString=1&valueOf=2&hasOwnProperty=3", { ...ALIVE, status: [200] }],
    ["__proto__, escaped", "%5f%5Fproto__=1", REFUSED],
    ["brackets that would be indexes", "a[999999999]=1&a[length]=5", { ...ALIVE, status: [200] }],
    ["bytes that are not UTF-8", Buffer.from([0x61, 0x3d, 0xff]), REFUSED],
    ["line breaks in names", "a%0D%0Ab=1", { ...ALIVE, status: [200], headerAbsent: ["b"] }],
  ])("%s", async (_, body, expected) => {
    await check(post("/form", FORM, body), expected);
  });

  test.each<[string, string, readonly number[]]>([
    ["two types", `${FORM}, ${FORM}`, [415]],
    ["two type headers", `${FORM}\r\nContent-Type: application/json`, [400, 415]],
    ["a type of another case", FORM.toUpperCase(), [200]],
    ["a charset that smuggles", `${FORM}; charset=utf-7`, [415]],
    ["a parameter without end", `${FORM}; a="${"b".repeat(5_000)}`, [415]],
  ])("%s", async (_, type, status) => {
    await check(post("/form", type, "a=1"), { ...ALIVE, status });
  });
});

describe("texts and bytes", () => {
  test.each<[string, string, string, string | Buffer, Expectation]>([
    ["text that is not UTF-8", "/text", "text/plain", Buffer.from([0xff]), REFUSED],
    ["text of NULs", "/text", "text/plain", "\0".repeat(100), { ...ALIVE, status: [200] }],
    [
      "text with a byte too many",
      "/text",
      "text/plain",
      "a".repeat(2 ** 20 + 1),
      { ...ALIVE, status: [413] },
    ],
    ["html as text", "/text", "text/html", "<script>", { ...ALIVE, status: [415] }],
    ["text as bytes", "/binary", "text/plain", "a", { ...ALIVE, status: [415] }],
    ["any type as the full body", "/full", "x", "a", { ...ALIVE, status: [200], bodyEquals: "a" }],
    [
      "markup as bytes is sent back as bytes",
      "/binary",
      "application/octet-stream",
      "<script>",
      {
        ...ALIVE,
        status: [200],
        header: { "content-type": "octet-stream" },
      },
    ],
  ])("%s", async (_, path, type, body, expected) => {
    await check(post(path, type, body), expected);
  });
});

describe("compressed bodies", () => {
  const json = (body: Buffer, coding: string) =>
    post("/json", "application/json", body, `Content-Encoding: ${coding}`);
  const poison = Buffer.from('{"__proto__":{"polluted":1}}');

  test.each<[string, string, Expectation]>([
    ["poison inside", json(gzipSync(poison), "gzip"), REFUSED],
    ["a coding that is not there", json(gzipSync("{}"), "br"), REFUSED],
    [
      "two coding headers",
      json(gzipSync(brotliCompressSync("{}")), "br\r\nContent-Encoding: gzip"),
      { ...ALIVE, status: [200] },
    ],
    [
      "a hundred codings",
      json(gzipSync("{}"), Array(100).fill("gzip").join(",")),
      { ...ALIVE, status: [415] },
    ],
    ["a coding named as an object has one", json(gzipSync("{}"), "constructor"), { ...ALIVE, status: [415] }],
    ["a coding named __proto__", json(gzipSync("{}"), "__proto__"), { ...ALIVE, status: [415] }],
    ["one byte", json(Buffer.from([0x1f]), "gzip"), REFUSED],
    ["a preset dictionary", json(deflateSync("{}", { dictionary: Buffer.from("{}") }), "deflate"), REFUSED],
    ["a header that goes on for ever", json(endlessName(), "gzip"), { ...ALIVE, status: [400, 413] }],
    ["a form behind the end", json(Buffer.concat([gzipSync("{}"), Buffer.from("a=1")]), "gzip"), REFUSED],
    ["thousands of empty members", json(Buffer.concat(Array(5_000).fill(gzipSync(""))), "gzip"), REFUSED],
    [
      "a body that says nothing of itself",
      post("/json", "text/plain", gzipSync("{}"), "Content-Encoding: gzip"),
      {
        ...ALIVE,
        status: [415],
      },
    ],
  ])("%s", async (_, raw, expected) => {
    await check(raw, expected);
  });
});

/** The name of a file in the head of a gzip member (RFC 1952 §2.3.1) has no bound. */
function endlessName(): Buffer {
  return Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 3]), Buffer.alloc(900_000, "a")]);
}
