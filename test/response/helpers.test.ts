import {
  html,
  InvalidResponseError,
  json,
  LightResponse,
  redirect,
  respond,
  StatusCode,
  text,
} from "argania";
import { describe, expect, it } from "vitest";
import { isBodiless, reasonPhrase } from "../../src/response/status-code.ts";

describe("json, html and text", () => {
  it.each([
    [json({ a: 1 }), 200, "application/json", '{"a":1}'],
    [json(null, 201), 201, "application/json", "null"],
    [json("x"), 200, "application/json", '"x"'],
    [html("<p>ü</p>"), 200, "text/html; charset=utf-8", "<p>ü</p>"],
    [html("", 404), 404, "text/html; charset=utf-8", ""],
    [text("t"), 200, "text/plain; charset=utf-8", "t"],
    [text("t", 503), 503, "text/plain; charset=utf-8", "t"],
  ])("make response %#", async (response, status, contentType, body) => {
    expect(response).toBeInstanceOf(LightResponse);
    expect([response.status, [...response.headers], await response.text()]).toEqual([
      status,
      [["content-type", contentType]],
      body,
    ]);
  });

  it.each([0, 101, 199, 600, 999, 200.5, Number.NaN])("take no status %d", (status) => {
    expect(() => json({}, status)).toThrow(RangeError);
    expect(() => html("", status)).toThrow(RangeError);
    expect(() => text("", status)).toThrow(RangeError);
  });

  it.each([[undefined], [() => {}], [Symbol("s")]])("json has no form for %s", (value) => {
    expect(() => json(value)).toThrow(InvalidResponseError);
  });
});

describe("redirect", () => {
  it.each([
    ["/login"],
    ["/"],
    [""],
    ["?page=2"],
    ["#top"],
    ["../up"],
    ["a/b:c"],
    ["/a//b"],
    ["/x?next=//evil.com&y=javascript:1"],
    ["http://example.com/a"],
    ["HTTPS://example.com"],
  ])("goes to %j as it is written", (location) => {
    const response = redirect(location);
    expect([response.status, response.headers.get("location"), response.body]).toEqual([303, location, null]);
  });

  it.each([301, 302, 303, 307, 308] as const)("says %d when it is told to", (status) => {
    expect(redirect("/x", status).status).toBe(status);
  });

  it("takes URL objects", () => {
    expect(redirect(new URL("https://example.com/ä?ö#ü")).headers.get("location")).toBe(
      "https://example.com/%C3%A4?%C3%B6#%C3%BC",
    );
  });

  it("percent-encodes what is not ASCII, and nothing else", () => {
    expect(redirect("/ü/💥/%41%?q=é").headers.get("location")).toBe("/%C3%BC/%F0%9F%92%A5/%41%?q=%C3%A9");
  });

  it.each([
    ["//evil.com"],
    ["///evil.com"],
    ["\\\\evil.com"],
    ["/\\evil.com"],
    ["\\/evil.com"],
    ["/a\\b"],
    ["/\t/evil.com"],
    ["/\n/evil.com"],
    ["\t//evil.com"],
    [" //evil.com"],
    ["\0//evil.com"],
    ["/a b"],
    ["/a\r\nset-cookie: x=1"],
    ["/a\x7f"],
    ["javascript:alert(1)"],
    ["JavaScript:alert(1)"],
    ["data:text/html,x"],
    ["vbscript:x"],
    ["file:///etc/passwd"],
    ["mailto:a@b"],
    ["https:evil.com"],
    ["https:/evil.com"],
    ["http:\\\\evil.com"],
  ])("refuses %j", (location) => {
    expect(() => redirect(location)).toThrow(TypeError);
    expect(() => redirect(location)).toThrow(/Unsafe redirect/);
    expect(() => redirect(location)).toThrow(JSON.stringify(location));
  });

  it("refuses URL objects of other schemes", () => {
    expect(() => redirect(new URL("javascript:alert(1)"))).toThrow(TypeError);
    expect(() => redirect(new URL("ftp://example.com/"))).toThrow(TypeError);
  });

  it("stays on its origin, however a browser reads it, unless it has a web scheme", () => {
    for (const path of [
      "/x",
      "?x",
      "#x",
      "",
      "x/y",
      "./a:b",
      "/.//evil.com",
      "/..//evil.com",
      "/%5C/evil.com",
      "/;//e",
    ]) {
      const location = redirect(path).headers.get("location") as string;
      expect(new URL(location, "https://example.com/a/b").origin, path).toBe("https://example.com");
    }
  });
});

describe("respond", () => {
  it("applies a status and headers to a body of any kind", async () => {
    const response = respond(201, { Location: "/x", "x-a": "1" }, json({ a: 1 }));
    expect([response.status, Object.fromEntries(response.headers), await response.json()]).toEqual([
      201,
      { "content-type": "application/json", location: "/x", "x-a": "1" },
      { a: 1 },
    ]);
  });

  it("takes the parts in any order, the later one winning", () => {
    const response = respond({ "x-a": "1" }, 404, new Headers({ "x-a": "2" }), 410, "gone");
    expect([response.status, response.headers.get("x-a")]).toEqual([410, "2"]);
  });

  it("overrides a header of the body, but appends cookies", () => {
    const body = respond({ "set-cookie": "a=1", "content-type": "text/csv" }, "a,b");
    const more = new Headers();
    more.append("set-cookie", "b=2");
    more.append("set-cookie", "c=3");
    const response = respond(more, { "content-type": "text/tab-separated-values" }, body);
    expect(response.headers.getSetCookie()).toEqual(["a=1", "b=2", "c=3"]);
    expect(response.headers.get("content-type")).toBe("text/tab-separated-values");
  });

  it("asks cookie jars to append themselves", () => {
    const jar = {
      secret: "not a header",
      appendTo(headers: Headers) {
        headers.append("set-cookie", `${this.secret.length}`);
      },
    };
    const response = respond(200, jar, jar, null);
    expect([...response.headers]).toEqual([
      ["set-cookie", "12"],
      ["set-cookie", "12"],
    ]);
  });

  it("nests", async () => {
    const response = respond(202, respond({ "x-a": "1" }, respond(201, "inner")));
    expect([response.status, response.headers.get("x-a"), await response.text()]).toEqual([
      202,
      "1",
      "inner",
    ]);
  });

  it("is its body when that is all", async () => {
    expect(respond(204).status).toBe(204);
    expect(await respond({ location: "/x" }).json()).toEqual({ location: "/x" });
    expect([respond(undefined).status, await respond(undefined).text()]).toEqual([200, ""]);
  });

  it("keeps the status of its body when it has none", () => {
    expect(respond({ "x-a": "1" }, text("x", 404)).status).toBe(404);
  });

  it.each([99, 101, 600, Number.NaN])("refuses the status %d", (status) => {
    expect(() => respond(status, "x")).toThrow(RangeError);
  });

  it("refuses headers that would split the response", () => {
    expect(() => respond({ location: "/x\r\nset-cookie: a=1" }, "x")).toThrow(TypeError);
    expect(() => respond({ "x y": "1" }, "x")).toThrow(TypeError);
  });

  it("refuses a promise in place of the body", () => {
    expect(() => respond(201, Promise.resolve({}))).toThrow(InvalidResponseError);
  });
});

describe("StatusCode", () => {
  it.each([
    ["OK", 200, "OK"],
    ["NO_CONTENT", 204, "No Content"],
    ["NOT_FOUND", 404, "Not Found"],
    ["URI_TOO_LONG", 414, "URI Too Long"],
    ["UNAVAILABLE_FOR_LEGAL_REASONS", 451, "Unavailable for Legal Reasons"],
    ["HTTP_VERSION_NOT_SUPPORTED", 505, "HTTP Version Not Supported"],
    ["NON_AUTHORITATIVE_INFORMATION", 203, "Non Authoritative Information"],
  ] as const)("names %s", (name, status, phrase) => {
    expect([StatusCode[name], reasonPhrase(status)]).toEqual([status, phrase]);
  });

  it("has each status once", () => {
    const all = Object.values(StatusCode);
    expect(new Set(all).size).toBe(all.length);
  });

  it("has no phrase for what is not registered", () => {
    expect(reasonPhrase(299)).toBe("");
  });

  it("knows which responses have no body", () => {
    expect([100, 101, 199, 204, 205, 304].every(isBodiless)).toBe(true);
    expect([200, 201, 203, 206, 301, 308, 400, 500].some(isBodiless)).toBe(false);
  });
});
