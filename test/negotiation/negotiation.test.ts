import { _get, html, json, type RequestContext, Resource, respond } from "argania";
import {
  accepts,
  acceptsEncodings,
  acceptsLanguages,
  NotAcceptableError,
  negotiate,
} from "argania/negotiation";
import { describe, expect, expectTypeOf, test } from "vitest";

const asking = (headers: Record<string, string>) => ({ header: (name: string) => headers[name] });

describe("accepts", () => {
  const choose = (accept?: string) =>
    accepts(asking(accept === undefined ? {} : { accept }), ["text/html", "application/json"]);

  test.each([
    [undefined, "text/html"],
    ["*/*", "text/html"],
    ["application/json", "application/json"],
    ["application/*", "application/json"],
    ["text/html;q=0.5, application/json", "application/json"],
    ["text/html;q=0, */*;q=0.1", "application/json"],
    ["text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"],
    ["image/png", undefined],
    ["*/*;q=0", undefined],
  ])("%s → %s", (accept, expected) => {
    expect(choose(accept)).toBe(expected);
  });

  test.each([
    ["", "text/html"],
    [" , ,", "text/html"],
    ["text/html;q=2", "text/html"],
    ["application/json;q=2", "text/html"],
    ["text/html;q=NaN", "text/html"],
    ["text/html;q=\u00e9,", "text/html"],
    ["text/html;q=2, application/json;q=0.1", "application/json"],
    ["text/html;q=2, image/png", undefined],
    [";", undefined],
    ["a", undefined],
    [`${"a/b,".repeat(5_000)}`, undefined],
    ["\u0000", undefined],
  ])("survives %j: %s", (accept, expected) => {
    expect(choose(accept)).toBe(expected);
  });

  test("tells its type", () => {
    expectTypeOf(accepts(asking({}), ["text/html", "text/css"])).toEqualTypeOf<
      "text/html" | "text/css" | undefined
    >();
  });

  test.each([[[]], ["text/html"], [["html"]], [[7]], [undefined]])("refuses to offer %j", (offers) => {
    expect(() => accepts(asking({}), offers as string[])).toThrow(
      /accepts .*accepts\(context, \["text\/html"\]\)/,
    );
  });

  test("an offer with a charset is given back as it was written", () => {
    expect(accepts(asking({ accept: "text/html" }), ["text/html; charset=utf-8"])).toBe(
      "text/html; charset=utf-8",
    );
  });
});

test.each([
  [undefined, "en"],
  ["fr-CH, fr;q=0.9, en;q=0.8", "fr-CH"],
  ["fr", "fr-CH"],
  ["de, *;q=0.1", "en"],
  ["de", undefined],
  ["fr-CH;q=2", "en"],
])("acceptsLanguages: %s → %s", (header, expected) => {
  const headers = header === undefined ? {} : { "accept-language": header };
  expect(acceptsLanguages(asking(headers), ["en", "fr-CH"])).toBe(expected);
});

test.each([
  [undefined, "br"],
  ["gzip, br", "br"],
  ["gzip;q=1, br;q=0.5", "gzip"],
  ["gzip;q=NaN, br;q=-1, deflate;q=9e999", "identity"],
  ["deflate", "identity"],
  ["deflate, identity;q=0", undefined],
  ["*;q=0", undefined],
])("acceptsEncodings: %s → %s", (header, expected) => {
  const headers = header === undefined ? {} : { "accept-encoding": header };
  expect(acceptsEncodings(asking(headers), ["br", "gzip", "identity"])).toBe(expected);
});

describe("negotiate", () => {
  const service = new Resource("/user")
    .setHandlerFor(
      _get.to((context: RequestContext) =>
        negotiate(context, {
          "application/json": () => json({ id: 7 }),
          "text/html": async () => respond({ vary: "cookie" }, html("<p>7</p>")),
          "text/plain": () => respond({ vary: "*" }, "7"),
        }),
      ),
    )
    .intoService();
  const get = (accept?: string) =>
    service.request("/user", accept === undefined ? {} : { headers: { accept } });

  test.each([
    [undefined, "application/json", "accept", '{"id":7}'],
    ["text/html", "text/html; charset=utf-8", "cookie, accept", "<p>7</p>"],
    ["text/plain", "text/plain; charset=utf-8", "*", "7"],
  ])("%s → %s", async (accept, type, vary, body) => {
    const response = await get(accept);
    expect(response.headers.get("content-type")).toBe(type);
    expect(response.headers.get("vary")).toBe(vary);
    expect(await response.text()).toBe(body);
  });

  test("a client that accepts none gets 406 and is told what there is", async () => {
    const response = await get("image/png");
    expect(response.status).toBe(406);
    expect(response.headers.get("vary")).toBe("accept");
    expect(await response.json()).toMatchObject({
      code: "ARGANIA_NOT_ACCEPTABLE",
      offers: ["application/json", "text/html", "text/plain"],
    });
  });

  test("unless there is something for it", async () => {
    const made = await negotiate(asking({ accept: "image/png" }), { "text/html": () => "a" }, () => "b");
    expect(await made.text()).toBe("b");
    expect(made.headers.get("vary")).toBe("accept");
    expect(() => negotiate(asking({ accept: "image/png" }), { "text/html": () => "a" })).toThrow(
      NotAcceptableError,
    );
  });

  test("makes only the one that is sent", () => {
    const made: string[] = [];
    negotiate(asking({ accept: "text/css" }), {
      "text/html": () => made.push("html"),
      "text/css": () => {
        made.push("css");
        return "";
      },
    });
    expect(made).toEqual(["css"]);
  });
});
