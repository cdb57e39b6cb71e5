import { html, InvalidResponseError, json, ResponseError, redirect, respond, text } from "argania";
import { describe, expect, it } from "vitest";
import { intoResponse } from "../../src/response/into-response.ts";

const untyped = (value: unknown) => value as never;

describe("helpers", () => {
  it.each<[string, () => unknown, string]>([
    ["a body in front", () => respond(untyped("x"), {}), "a status, headers or a cookie jar, not a string"],
    ["nothing in front", () => respond(untyped(undefined), "x"), "not undefined"],
    ["null in front", () => respond(untyped(null), "x"), "not null"],
    ["a promise in front", () => respond(untyped(Promise.resolve({})), "x"), "not a promise"],
    ["bytes in front", () => respond(untyped(new Uint8Array(2)), "x"), "not a Uint8Array"],
    ["a list in front", () => respond(untyped([1, 2]), "x"), "not an array"],
    ["a response in front", () => respond(201, untyped(json(1)), { location: "/" }), "the body comes last"],
    ["a web response in front", () => respond(untyped(new Response()), "x"), "the body comes last"],
    [
      "a header of nothing",
      () => respond({ "x-a": untyped(undefined) }, "x"),
      'The header "x-a" is a string, not undefined',
    ],
    ["a header of a list", () => respond({ "x-a": untyped(["1", "2"]) }, "x"), "not an array"],
    ["a header of an object", () => respond({ location: untyped(new URL("http://x/")) }, "x"), "not a URL"],
    ["a number as html", () => html(untyped(1)), "html takes a string, not a number"],
    [
      "a promise as html",
      () => html(untyped(Promise.resolve(""))),
      "a promise: await it first, html(await value)",
    ],
    [
      "a promise as text",
      () => text(untyped(Promise.resolve(""))),
      "a promise: await it first, text(await value)",
    ],
    ["nothing as text", () => text(untyped(undefined)), "text takes a string, not undefined"],
    ["no location", () => redirect(untyped(undefined)), "redirect(location, status)"],
    [
      "a location behind its status",
      () => redirect(untyped(302), untyped("/x")),
      "redirect(location, status)",
    ],
    ["an object as a location", () => redirect(untyped({})), "not an object"],
  ])("%s is a TypeError that says what to write", (_, act, message) => {
    expect(act).toThrow(TypeError);
    expect(act).toThrow(message);
  });

  it("take headers in every form of the web, and numbers", () => {
    const pairs: [string, string][] = [["x-a", "1"]];
    for (const headers of [
      pairs,
      new Map(pairs),
      new Map(pairs).entries(),
      new Headers(pairs),
      { "x-a": 1 },
    ]) {
      expect(respond(untyped(headers), "x").headers.get("x-a")).toBe("1");
    }
  });
});

describe("what a handler returns", () => {
  it.each<[string, unknown, string]>([
    ["a generator", (function* () {})(), "json([...it])"],
    [
      "a generator of chunks",
      (function* () {})(),
      "jsonStream(it), or for text and bytes write async function*",
    ],
    ["a FormData", new FormData(), "return new Response(form)"],
    ["an iterator", [1].values(), "json([...it])"],
    ["an iterable", { *[Symbol.iterator]() {} }, "an iterable (an object)"],
    ["a Map", new Map(), "a Map or Set"],
    ["a Headers", new Headers(), "an iterable (a Headers)"],
    ["a RegExp", /a/, "return its source"],
    ["101", 101, "200 to 599"],
    ["103", 103, "200 to 599"],
  ])("%s is refused with advice", (_, value, message) => {
    expect(() => intoResponse(value)).toThrow(InvalidResponseError);
    expect(() => intoResponse(value)).toThrow(message);
  });

  it.each<[unknown, string]>([
    [[1, 2], "[1,2]"],
    [{}, "{}"],
    [Object.create(null), "{}"],
    [{ *[Symbol.iterator]() {}, toJSON: () => [1] }, "[1]"],
    [new Date(0), '"1970-01-01T00:00:00.000Z"'],
  ])("%j is JSON", async (value, body) => {
    expect(await intoResponse(value).text()).toBe(body);
  });
});

describe("a status that is no number", () => {
  it.each<[string, () => unknown, string]>([
    [
      "the options of Response.json",
      () => json({}, untyped({ status: 201 })),
      "an object; write the number itself, as in json(value, 201)",
    ],
    [
      "further options",
      () => json({}, untyped({ status: 404, headers: { a: "b" } })),
      "respond(404, { … }, json(value))",
    ],
    [
      "a text",
      () => json({}, untyped("201")),
      'Invalid status, "201"; write the number itself, as in json(value, 201)',
    ],
    ["another text", () => text("", untyped("created")), 'Invalid status, "created"; write'],
    [
      "null",
      () => html("", untyped(null)),
      "Invalid status, null; write the number itself, as in json(value, 201)",
    ],
    [
      "a function",
      () =>
        json(
          {},
          untyped(() => 201),
        ),
      "Invalid status, a function",
    ],
  ])("%s", (_, act, message) => {
    expect(act).toThrow(RangeError);
    expect(act).toThrow(message);
  });

  it("and one that is a number is named as before", () => {
    expect(() => json({}, 999)).toThrow("Invalid status 999: a response has an integer from 200 to 599");
  });

  it.each([
    [
      () => new ResponseError(untyped("Gone."), untyped(404)),
      'Invalid status "Gone." for an error: the status comes first, as in new ResponseError(404, "…")',
    ],
    [
      () => new ResponseError(untyped("404"), "Gone."),
      'Invalid status "404" for an error: use 400 to 599, as in new ResponseError(404, "…")',
    ],
    [() => new ResponseError(200, "Fine."), "Invalid status 200 for an error: use 400 to 599"],
  ])("of an error: %#", (make, message) => {
    expect(make).toThrow(RangeError);
    expect(make).toThrow(message);
  });
});
