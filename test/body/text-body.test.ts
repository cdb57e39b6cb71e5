import { bodyLimit, type StandardSchema, textBody } from "argania";
import { describe, expect, it, test } from "vitest";
import { type Body, jsonApp, post } from "./json-app.ts";

const TEXT = { "content-type": "text/plain" };

describe("a text, as it is and called,", () => {
  it.each([
    ["as it is", textBody],
    ["called", textBody()],
    ["with a limit", textBody.withLimit(100)],
    ["with a limit and a type, called", textBody.withLimit(100).withType("text/plain")()],
  ])("%s, is a string", async (_, extractor) => {
    const app = jsonApp(extractor);
    for (const value of ["Hello, World!", "", "grüß dich \u{1F600}", "\0\r\n", "\uFFFD", "a\uFEFF"]) {
      expect((await post(app, value, TEXT)).body).toEqual({ value });
    }
    expect((await post(app, undefined, TEXT)).body).toEqual({ value: "" });
    expect(app.reports).toEqual([]);
  });

  it("has no byte order mark", async () => {
    expect((await post(jsonApp(textBody), "\uFEFFa", TEXT)).body).toEqual({ value: "a" });
    expect((await post(jsonApp(textBody), "\uFEFF\uFEFFa", TEXT)).body).toEqual({ value: "\uFEFFa" });
  });

  it.each<[string, Body]>([
    ["a byte that is none", new Uint8Array([0x61, 0xff])],
    ["a character cut off", new Uint8Array([0xc3])],
    ["an overlong slash", new Uint8Array([0xc0, 0xaf])],
    ["a surrogate", new Uint8Array([0xed, 0xa0, 0x80])],
    ["UTF-16", new Uint8Array([0xff, 0xfe, 0x61, 0])],
  ])("with %s is a 400", async (_, body) => {
    expect(await post(jsonApp(textBody), body, TEXT)).toMatchObject({
      status: 400,
      body: { code: "ARGANIA_TEXT", detail: "The body is not valid UTF-8." },
    });
  });
});

describe("the content type", () => {
  const app = jsonApp(textBody);
  const ask = async (type: string, extractor = app) => post(extractor, "a", { "content-type": type });

  it.each([
    "text/plain",
    "text/plain;charset=UTF-8",
    "text/plain; charset=utf-8",
    "Text/PLAIN; Charset=utf8; format=flowed",
    "text/plain; charset=us-ascii",
  ])("may be %j", async (type) => {
    expect((await ask(type)).status).toBe(200);
  });

  it.each(["text/html", "application/octet-stream", "text/plainx", "text", "text/plain, text/plain"])(
    "%j is a 415 that says what is read",
    async (type) => {
      const answer = await ask(type);
      expect([answer.status, answer.headers.get("accept"), answer.body.detail]).toEqual([
        415,
        "text/plain",
        "The body must be of the type text/plain.",
      ]);
    },
  );

  it.each(["text/plain; charset=iso-8859-1", "text/plain;charset=utf-16"])("%j is a 415", async (type) => {
    expect((await ask(type)).body.detail).toBe("The body must be in UTF-8.");
  });

  it("that is missing is a 400", async () => {
    expect((await post(app, "a", {})).body).toMatchObject({ code: "ARGANIA_MISSING_HEADER" });
  });

  it("may be another one, or several, with withType", async () => {
    const csv = jsonApp(textBody.withType("text/csv", "application/XML"));
    expect((await ask("text/csv; header=present", csv)).status).toBe(200);
    expect((await ask("application/xml", csv)).status).toBe(200);
    const answer = await ask("text/plain", csv);
    expect([answer.status, answer.headers.get("accept"), answer.body.detail]).toEqual([
      415,
      "text/csv, application/xml",
      "The body must be of the type text/csv or application/xml.",
    ]);
    expect((await ask("text/csv, application/xml", csv)).status).toBe(415);
    expect((await ask("text/csv; charset=utf-16", csv)).status).toBe(415);
  });

  it("may be a range", async () => {
    const any = jsonApp(textBody.withType("text/*"));
    expect((await ask("text/markdown", any)).status).toBe(200);
    expect((await ask("text/plain", any)).status).toBe(200);
    expect((await ask("textual/plain", any)).status).toBe(415);
    expect((await ask("application/json", any)).status).toBe(415);
  });
});

test("limits are its own, or those in force", async () => {
  const own = jsonApp(textBody.withLimit(3));
  expect((await post(own, "abc", TEXT)).status).toBe(200);
  expect((await post(own, "abcd", TEXT)).body).toMatchObject({ code: "ARGANIA_BODY_LIMIT", limit: 3 });
  const inherited = jsonApp(textBody, (root) => root.setProperty(bodyLimit.to(3)));
  expect((await post(inherited, "abcd", TEXT)).status).toBe(413);
});

test("a schema makes something of the text", async () => {
  const short: StandardSchema<unknown, number> = {
    "~standard": {
      version: 1,
      vendor: "test",
      validate: (value) =>
        String(value).length < 4 ? { value: String(value).length } : { issues: [{ message: "Too long." }] },
    },
  };
  const app = jsonApp(textBody(short));
  expect((await post(app, "abc", TEXT)).body).toEqual({ value: 3 });
  expect(await post(app, "abcd", TEXT)).toMatchObject({
    status: 400,
    body: { code: "ARGANIA_TEXT", issues: [{ path: "", message: "Too long." }] },
  });
});

test("mistakes are refused", () => {
  expect(() => textBody.withType()).toThrow(/at least one media type/);
  expect(() => textBody.withType("text/plain; charset=utf-8")).toThrow(/without parameters/);
  expect(() => textBody.withType("text")).toThrow(/not "text"/);
  expect(() => textBody.withType("*/*")).toThrow(/use fullBody/);
  expect(() => textBody.withType(["text/csv"] as never)).toThrow(/not an array/);
  expect(() => textBody.withLimit("1" as never)).toThrow(/textBody\.withLimit/);
  expect(() => textBody("text" as never)).toThrow(TypeError);
});
