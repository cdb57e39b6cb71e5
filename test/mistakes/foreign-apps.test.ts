import { _get, BodyAlreadyReadError, Resource, redirect } from "argania";
import { fetchHandler } from "argania/fetch";
import express from "express";
import { describe, expect, it } from "vitest";

const untyped = (value: unknown) => value as never;

describe("an app of Express", () => {
  it("as a handler is refused when it is defined, in favour of connectHandler", () => {
    expect(() => _get.to(untyped(express()))).toThrow(TypeError);
    expect(() => _get.to(untyped(express()))).toThrow("connectHandler(app)");
    expect(() => _get.to(untyped(express.Router()))).toThrow("connectHandler(app)");
  });

  it("in fetchHandler is, too", () => {
    expect(() => fetchHandler(untyped(express()))).toThrow("connectHandler(app)");
  });
});

describe("messages say what is wrong", () => {
  it.each([
    ["/ü x", "has a space, which is written as %20"],
    ["/a\\b", "has a backslash"],
    ["/a\nb", "has a control character"],
    ["//a.test", "take // for another origin"],
  ])("redirect(%j)", (location, message) => {
    expect(() => redirect(location)).toThrow(message);
    expect(() => redirect(location)).toThrow(JSON.stringify(location));
  });

  it("a stream of objects: jsonStream", async () => {
    const items = async function* () {
      yield untyped({ a: 1 });
    };
    const errors: unknown[] = [];
    const root = new Resource("/").setHandlerFor(_get.to(() => items()));
    const service = root.intoService({ logger: { error: ({ err }) => errors.push(err) } });
    const response = await service.request("/");
    await response.text().catch((error: unknown) => errors.push(error));
    expect(String(errors[0])).toContain("jsonStream(items)");
  });

  it("a Response that is thrown: return it", async () => {
    const errors: unknown[] = [];
    const thrown = new Response("secret", { status: 403 });
    const root = new Resource("/").setHandlerFor(
      _get.to(() => {
        throw thrown;
      }),
    );
    const service = root.intoService({ logger: { error: ({ err }) => errors.push(err) } });
    const response = await service.request("/");
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain("secret");
    expect(errors).toEqual([expect.objectContaining({ code: "ARGANIA_INVALID_RESPONSE", cause: thrown })]);
    expect(String(errors[0])).toContain("return it, or throw new ResponseError(403");
  });

  it("a body that is read twice: middleware", () => {
    expect(new BodyAlreadyReadError().message).toContain("by middleware in a connectLayer");
  });
});
