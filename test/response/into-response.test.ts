import {
  InvalidResponseError,
  JsonValueError,
  json,
  LightResponse,
  NotFoundResourceError,
  ResponseError,
  respond,
} from "argania";
import { describe, expect, it } from "vitest";
import { intoResponse } from "../../src/response/into-response.ts";

const TEXT = "text/plain; charset=utf-8";
const BYTES = "application/octet-stream";
const JSON_TYPE = "application/json";
const encoder = new TextEncoder();

async function* generate() {
  yield "ge";
  yield encoder.encode("n");
}

class Point {
  readonly x = 1;
  readonly #secret = 2;
  sum(): number {
    return this.x + this.#secret;
  }
}

/** What a handler may return: how it is called, how it is made, status, content type, body. */
const ACCEPTED: readonly (readonly [string, () => unknown, number, string | null, string])[] = [
  ["text", () => "tëxt", 200, TEXT, "tëxt"],
  ["empty text", () => "", 200, TEXT, ""],
  ["undefined", () => undefined, 200, null, ""],
  ["null", () => null, 200, null, ""],
  ["a status", () => 418, 418, null, ""],
  ["bytes", () => encoder.encode("bytes"), 200, BYTES, "bytes"],
  ["a Buffer", () => Buffer.from("buffer"), 200, BYTES, "buffer"],
  ["an ArrayBuffer", () => new Uint8Array([104, 105]).buffer, 200, BYTES, "hi"],
  ["a Blob", () => new Blob(["blob"], { type: "text/x" }), 200, "text/x", "blob"],
  ["a Blob without type", () => new Blob(["blob"]), 200, BYTES, "blob"],
  ["a stream", () => new Blob(["stream"]).stream(), 200, BYTES, "stream"],
  ["an async iterable", () => generate(), 200, BYTES, "gen"],
  ["an object", () => ({ a: [1, null] }), 200, JSON_TYPE, '{"a":[1,null]}'],
  ["an array", () => [1, "2"], 200, JSON_TYPE, '[1,"2"]'],
  [
    "an object without prototype",
    () => Object.assign(Object.create(null), { a: 1 }),
    200,
    JSON_TYPE,
    '{"a":1}',
  ],
  ["an instance", () => new Point(), 200, JSON_TYPE, '{"x":1}'],
  ["something with toJSON", () => ({ toJSON: () => "j" }), 200, JSON_TYPE, '"j"'],
  ["something with intoResponse", () => ({ intoResponse: () => respond(201, "made") }), 201, TEXT, "made"],
  ["a chain of intoResponse", () => ({ intoResponse: () => ({ intoResponse: () => 202 }) }), 202, null, ""],
  ["a Response", () => new Response("web", { status: 203 }), 203, "text/plain;charset=UTF-8", "web"],
  ["a form", () => new URLSearchParams({ a: "1 2" }), 200, "application/x-www-form-urlencoded", "a=1+2"],
  ["an empty Response", () => new Response(null, { status: 204 }), 204, null, ""],
];

describe("intoResponse", () => {
  it.each(ACCEPTED)("makes a response of %s", async (_, make, status, contentType, body) => {
    const response = intoResponse(make());
    expect(response).toBeInstanceOf(LightResponse);
    expect([response.status, response.headers.get("content-type")]).toEqual([status, contentType]);
    expect(await response.text()).toEqual(body);
  });

  it("gives back what is one already", () => {
    const response = json(1);
    expect(intoResponse(response)).toBe(response);
  });

  it("keeps all of a platform's response, its cookies apart and its headers mutable", async () => {
    const web = new Response("x", { status: 201, statusText: "Made" });
    web.headers.append("set-cookie", "a=1");
    web.headers.append("set-cookie", "b=2");
    const response = intoResponse(web);
    expect([response.status, response.statusText]).toEqual([201, "Made"]);
    expect(response.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
    const redirected = intoResponse(Response.redirect("http://localhost/x", 307));
    redirected.headers.set("x-added", "1");
    expect(redirected.headers.get("location")).toBe("http://localhost/x");
  });
});

describe("intoResponse refuses with ARGANIA_INVALID_RESPONSE", () => {
  const self = { intoResponse: (): unknown => self };
  const refused: readonly (readonly [string, () => unknown, RegExp])[] = [
    ["a function", () => () => {}, /a function/],
    ["a class", () => Point, /a function/],
    ["a symbol", () => Symbol("s"), /a symbol/],
    ["a bigint", () => 1n, /a bigint/],
    ["true", () => true, /a boolean/],
    ["false", () => false, /a boolean/],
    ["Response.error()", () => Response.error(), /Response\.error\(\)/],
    ["an object whose JSON is nothing", () => ({ toJSON: () => undefined }), /without a JSON form/],
    ["a thing that makes itself", () => self, /returns itself/],
    ["intoResponse() giving garbage", () => ({ intoResponse: () => Symbol("s") }), /a symbol/],
    ["intoResponse() giving a promise", () => ({ intoResponse: async () => "late" }), /await it first/],
    ["a Map", () => new Map([["a", 1]]), /empty object/],
    ["a promise as the body", () => Promise.resolve("late"), /await it first/],
  ];

  it.each(refused)("%s", (_, make, message) => {
    expect(() => intoResponse(make())).toThrow(InvalidResponseError);
    expect(() => intoResponse(make())).toThrow(message);
    expect(new InvalidResponseError("").code).toBe("ARGANIA_INVALID_RESPONSE");
  });

  it.each([0, 7, 99, 100, 101, 600, 999, -1, Number.NaN, 200.5])(
    "the number %d, which is no status",
    (number) => {
      expect(() => intoResponse(number)).toThrow(InvalidResponseError);
      expect(() => intoResponse(number)).toThrow(`return json(${number})`);
    },
  );

  it("a Response that has been read", async () => {
    const used = new Response("x");
    await used.text();
    expect(() => intoResponse(used)).toThrow(/clone\(\)/);
  });
});

describe("intoResponse throws", () => {
  it("what JSON cannot hold", () => {
    const circular: { self?: unknown } = {};
    circular.self = circular;
    expect(() => intoResponse(circular)).toThrow(JsonValueError);
    expect(() => intoResponse({ big: 1n })).toThrow(JsonValueError);
  });

  it("what intoResponse() throws", () => {
    const error = new NotFoundResourceError();
    const failing = {
      intoResponse: () => {
        throw error;
      },
    };
    expect(() => intoResponse(failing)).toThrow(error);
  });

  it("an error that was returned, instead of telling it to the client", () => {
    const error = new Error("password=1234");
    expect(() => intoResponse(error)).toThrow(error);
    const response = new ResponseError(409, "no");
    expect(() => intoResponse(response)).toThrow(response);
  });

  it("when a locked stream is to be sent", () => {
    const stream = new Blob(["x"]).stream();
    stream.getReader();
    expect(() => intoResponse(stream).takePayload()).toThrow(TypeError);
  });
});
