import { attempt, jsonBody, optional } from "argania";
import { describe, expect, it, test } from "vitest";
import { type Body, jsonApp, loginSchema, post } from "./json-app.ts";

const bytes = (...values: number[]) => new Uint8Array(values);
const text = (value: string) => new TextEncoder().encode(value);

describe("jsonBody, as it is and called,", () => {
  it.each([
    ["as it is", jsonBody],
    ["called", jsonBody()],
    ["with a limit", jsonBody.withLimit(1_000)],
    ["with a limit, called", jsonBody.withLimit(1_000)()],
  ])("%s, gives any value", async (_, extractor) => {
    const app = jsonApp(extractor);
    for (const value of [null, true, 0, -1.5e-7, "", "a\u0000\u2028😀", [], {}, [[{ a: [null] }]]]) {
      expect(await post(app, JSON.stringify(value))).toMatchObject({ status: 200, body: { value } });
    }
    expect(app.reports).toEqual([]);
  });

  it("takes blanks around the value, and nothing else", async () => {
    const app = jsonApp(jsonBody);
    expect((await post(app, " \t\r\n null \n")).body).toEqual({ value: null });
    expect((await post(app, "\u00a0null")).status).toBe(400);
    expect((await post(app, "null\u2028")).status).toBe(400);
  });

  it("takes the last value of a name that occurs twice, as JSON.parse", async () => {
    expect((await post(jsonApp(jsonBody), '{"a":1,"a":2}')).body).toEqual({ value: { a: 2 } });
  });
});

describe("the content type", () => {
  const app = jsonApp(jsonBody);

  it.each([
    "application/json",
    "APPLICATION/Json",
    "application/json;",
    "application/json ; ;",
    "application/json; charset=utf-8",
    'application/json;charset="UTF-8"',
    'application/json; charset="\\utf-8"',
    "application/json; Charset=utf8",
    "application/json; charset=us-ascii",
    'application/json; profile="http://a/;charset=utf-7"; charset=utf-8',
    "application/json;odata.metadata=minimal;IEEE754Compatible=true",
    "application/problem+json",
    "application/vnd.api+JSON; charset=utf-8",
  ])("may be %j", async (type) => {
    expect((await post(app, "{}", { "content-type": type })).status).toBe(200);
  });

  it.each([
    "text/plain",
    "text/json",
    "application/jsonp",
    "application/xml+json2",
    "application/+json+xml",
    "application/a/b+json",
    "application/a b+json",
    "application/json\tfoo",
    "application/json foo",
    "application/json, text/plain",
    "application/json; charset",
    "application/json; charset=",
    'application/json; charset="utf-8',
    "application/json; a=b c=d",
    "application",
    "/",
    "json",
    "multipart/form-data; boundary=+json",
    "application/x-www-form-urlencoded",
  ])("%j is a 415 that says what is read", async (type) => {
    const answer = await post(app, "{}", { "content-type": type });
    expect([answer.status, answer.body, answer.headers.get("accept")]).toEqual([
      415,
      {
        type: "about:blank",
        title: "Unsupported Media Type",
        status: 415,
        detail: "The body must be of the type application/json.",
        code: "ARGANIA_UNSUPPORTED_MEDIA_TYPE",
      },
      "application/json",
    ]);
  });

  it.each([
    "utf-7",
    "utf-16",
    "iso-8859-1",
    '"utf-16"',
    "utf-8; charset=utf-7",
    "utf-7; CHARSET=utf-8",
    "xutf-8",
    "utf-8x",
  ])("in the charset %s is a 415", async (charset) => {
    const answer = await post(app, "{}", { "content-type": `application/json; charset=${charset}` });
    expect(answer).toMatchObject({ status: 415, body: { detail: "The body must be in UTF-8." } });
  });

  it("that is missing is a 400", async () => {
    expect(await post(app, "{}", {})).toMatchObject({
      status: 400,
      body: { code: "ARGANIA_MISSING_HEADER", detail: 'The header "Content-Type" is missing.' },
    });
  });

  it("with thousands of parameters is read in no time", async () => {
    const many = `application/json${"; a=b".repeat(2_000)}`;
    expect((await post(app, "{}", { "content-type": many })).status).toBe(200);
    expect((await post(app, "{}", { "content-type": `${many}; ${"a".repeat(5_000)}` })).status).toBe(415);
    expect((await post(app, "{}", { "content-type": `${many};${" ".repeat(5_000)}"` })).status).toBe(415);
  });
});

describe("the content encoding", () => {
  const app = jsonApp(jsonBody);
  const ask = (coding: string) =>
    post(app, "{}", { "content-type": "application/json", "content-encoding": coding });

  it.each(["identity", "Identity", ""])("may be %j", async (coding) => {
    expect((await ask(coding)).status).toBe(200);
  });

  it.each(["gzip", "br", "deflate", "identity, gzip", "x"])("%j is a 415", async (coding) => {
    const answer = await ask(coding);
    expect(answer).toMatchObject({ status: 415, body: { code: "ARGANIA_UNSUPPORTED_MEDIA_TYPE" } });
    expect(answer.headers.get("accept-encoding")).toBe("identity");
  });
});

describe("a body that is no JSON", () => {
  const app = jsonApp(jsonBody);

  it.each<[string, Body | undefined, number, number]>([
    ["cut off", '{"a":', 1, 6],
    ["only blanks", " \n ", 2, 2],
    ["with a comma too many", "[1,\n  2,\r\n]", 3, 1],
    ["of two values", "1\n\n 2", 3, 2],
    ["in JavaScript", "{a: 1}", 1, 2],
    ["behind a mark", text("\uFEFFx"), 1, 1],
  ])("%s is a 400 with its place", async (_, body, line, column) => {
    const answer = await post(app, body);
    expect(answer).toMatchObject({ status: 400, body: { code: "ARGANIA_JSON", line, column } });
    expect(answer.body.detail).toContain(`(line ${line}, column ${column})`);
    expect(app.values).toEqual([]);
  });

  it.each<[string, Body | undefined]>([
    ["nothing", undefined],
    ["no bytes", ""],
    ["a byte order mark alone", bytes(0xef, 0xbb, 0xbf)],
  ])("but %s says so", async (_, body) => {
    const answer = await post(app, body);
    expect([answer.status, answer.body.detail]).toEqual([400, "The body is empty, JSON is wanted."]);
    expect(answer.body).not.toHaveProperty("line");
  });

  it("does not tell what was in it", async () => {
    for (const body of [
      "s3cret",
      '{"s3cret',
      '{"a": s3cret}',
      '{"__proto__": "s3cret"}',
      "\uFEFF\uFEFF s3cret",
    ]) {
      const answer = await post(app, body);
      expect(answer.status).toBe(400);
      expect(JSON.stringify(answer.body)).not.toContain("s3cret");
    }
  });

  it("is not logged: it is no fault of the server's", () => {
    expect(app.reports).toEqual([]);
  });
});

describe("UTF-8", () => {
  const app = jsonApp(jsonBody);
  const quoted = (...values: number[]) => bytes(0x22, ...values, 0x22);

  it.each([
    ["a lone continuation", [0x80]],
    ["a lone start", [0xc3]],
    ["an overlong slash", [0xc0, 0xaf]],
    ["a surrogate", [0xed, 0xa0, 0x80]],
    ["beyond Unicode", [0xf4, 0x90, 0x80, 0x80]],
    ["Latin-1", [0xe9]],
    ["a lone start behind U+FFFD", [0xef, 0xbf, 0xbd, 0xc3]],
  ])("malformed by %s is a 400", async (_, values) => {
    const answer = await post(app, quoted(...values));
    expect(answer).toMatchObject({ status: 400, body: { detail: "The body is not valid UTF-8." } });
  });

  it("may have U+FFFD of its own", async () => {
    expect((await post(app, '"a\uFFFDb"')).body).toEqual({ value: "a\uFFFDb" });
  });

  it("UTF-16 is none", async () => {
    expect((await post(app, bytes(0xff, 0xfe, 0x7b, 0, 0x7d, 0))).status).toBe(400);
  });

  it("may begin with one byte order mark, and no other", async () => {
    expect((await post(app, "\uFEFF[1]")).body).toEqual({ value: [1] });
    expect((await post(app, "\uFEFFnull")).body).toEqual({ value: null });
    expect((await post(app, '\uFEFF"\uFFFD"')).body).toEqual({ value: "\uFFFD" });
    expect((await post(app, "\uFEFF\uFEFF[1]")).status).toBe(400);
    expect((await post(app, '\uFEFF\uFEFF"\uFFFD"')).status).toBe(400);
  });
});

describe("names that poison prototypes", () => {
  const app = jsonApp(jsonBody);

  it.each([
    '{"__proto__":{"polluted":1}}',
    '{"__proto__":null}',
    '{"__proto__" \n\t:1}',
    '[[{"a":{"__proto__":1}}]]',
    '{"\\u005f\\u005fproto__":{"polluted":1}}',
    '{"\\u005F_pr\\u006ft\\u006F_\\u005f":1}',
    '{"constructor":{"prototype":{"polluted":1}}}',
    '{"c\\u006fnstructor":{"pr\\u006ftotype":1}}',
    '{"a":1,"a":{"constructor":{"prototype":null}}}',
  ])("%s is a 400", async (body) => {
    const answer = await post(app, body);
    expect(answer).toMatchObject({ status: 400, body: { code: "ARGANIA_JSON" } });
    expect(answer.body.detail).toMatch(/__proto__/);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it.each([
    '{"constructor":1}',
    '{"constructor":{"proto":1}}',
    '{"prototype":{}}',
    '{"proto":1,"__proto":2}',
    '["__proto__","constructor"]',
    '"{\\"__proto__\\":1}"',
    '{"a":"\\"__proto__\\":"}',
  ])("%s is data", async (body) => {
    expect((await post(app, body)).body).toEqual({ value: JSON.parse(body) });
  });
});

describe("deep nesting", () => {
  const deep = 200_000;

  it.each([
    ["open arrays", "[".repeat(deep), 400],
    ["open objects", '{"a":'.repeat(deep), 400],
    ["arrays", "[".repeat(deep) + "]".repeat(deep), 200],
    ["arrays around a suspect", `${"[".repeat(deep)}{"__proto__":1}${"]".repeat(deep)}`, 400],
    ["arrays around a harmless suspect", `${"[".repeat(deep)}{"constructor":1}${"]".repeat(deep)}`, 200],
    ["arrays with the wrong end", "[".repeat(deep) + "}".repeat(deep), 400],
  ])("of %s takes no stack", async (_, body, status) => {
    const seen: unknown[] = [];
    const app = jsonApp({
      extract: async (context, args) => {
        seen.push(await jsonBody.extract(context, args));
        return "parsed";
      },
    });
    expect((await post(app, body)).status).toBe(status);
    expect(seen).toHaveLength(status === 200 ? 1 : 0);
    expect(app.reports).toEqual([]);
  });
});

describe.each([false, true])("a schema (async: %j)", (isAsync) => {
  const schema = loginSchema(isAsync);

  it.each([
    ["by itself", jsonBody(schema)],
    ["with options", jsonBody(schema, { limit: 100 })],
    ["with no options in them", jsonBody(schema, {})],
    ["with a limit", jsonBody.withLimit(100)(schema)],
  ])("%s makes the value what it says", async (_, extractor) => {
    const app = jsonApp(extractor);
    expect((await post(app, '{"name":"Ada","admin":true}')).body).toEqual({ value: { name: "Ada" } });
  });

  it("answers 400 with what is wrong", async () => {
    const app = jsonApp(jsonBody(schema));
    expect(await post(app, '{"name":7}')).toMatchObject({
      status: 400,
      body: {
        type: "about:blank",
        title: "Bad Request",
        status: 400,
        detail: "The body is not valid.",
        code: "ARGANIA_JSON",
        issues: [{ path: "name", message: "Must be text." }],
      },
    });
    expect(app.values).toEqual([]);
  });

  it("sees no malformed body", async () => {
    expect((await post(jsonApp(jsonBody(schema)), "{")).body).not.toHaveProperty("issues");
  });

  it("keeps its failure for the handler in attempt and optional", async () => {
    const tried = jsonApp(attempt(jsonBody(schema)));
    await post(tried, '{"name":7}');
    expect(tried.values).toMatchObject([{ ok: false, error: { code: "ARGANIA_JSON" } }]);
    const maybe = jsonApp(optional(jsonBody(schema)));
    await post(maybe, "{");
    expect(maybe.values).toEqual([undefined]);
  });
});

describe("a mistake in the call", () => {
  const untyped = jsonBody as unknown as (...args: unknown[]) => unknown;

  it.each<[string, () => unknown, RegExp]>([
    ["a schema that is undefined", () => untyped(undefined), /jsonBody takes a schema .*, not undefined/],
    ["a schema that is none", () => untyped({ type: "object" }), /does not follow Standard Schema/],
    ["a limit without a schema", () => untyped({ limit: 5 }), /write jsonBody\.withLimit\(10_000\)/],
    [
      "another option",
      () => untyped(loginSchema(), { limt: 5 }),
      /has \["limt"\]: write jsonBody\(schema, \{/,
    ],
    ["a limit for options", () => untyped(loginSchema(), 5), /second argument of jsonBody is a number/],
    ["options that are undefined", () => untyped(loginSchema(), undefined), /is undefined/],
    ["a limit that is undefined", () => untyped(loginSchema(), { limit: undefined }), /not undefined/],
    ["a limit in words", () => jsonBody.withLimit("1mb" as never), /takes a number of bytes, not a string/],
    ["no number", () => jsonBody.withLimit(Number.NaN), /whole number of bytes from 0 on, not NaN/],
    ["no limit", () => jsonBody.withLimit(Number.POSITIVE_INFINITY), /not Infinity/],
    ["a negative limit", () => jsonBody(loginSchema(), { limit: -1 }), /not -1/],
    ["half a byte", () => jsonBody.withLimit(0.5), /not 0\.5/],
  ])("is refused: %s", (_, call, message) => {
    expect(call).toThrow(message);
  });
});

test("jsonBody has its name, for errors that mention it", () => {
  expect([jsonBody.name, jsonBody.withLimit(1).name]).toEqual(["jsonBody", "jsonBody"]);
});
