import { _get, type CookieJar, json, Resource, respond } from "argania";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contextOf, jarOf } from "./with-jar.ts";

const all = async (cookie: string) => [...(await jarOf({ cookie }))];

describe("a jar", () => {
  it("has the cookies of the request, in their order", async () => {
    const jar = await jarOf({ cookie: "theme=dark; lang=en;empty=" });
    expect(jar.get("theme")).toBe("dark");
    expect(jar.get("empty")).toBe("");
    expect(jar.has("empty")).toBe(true);
    expect(jar.get("other")).toBeUndefined();
    expect(jar.has("other")).toBe(false);
    expect([...jar]).toEqual([
      ["theme", "dark"],
      ["lang", "en"],
      ["empty", ""],
    ]);
  });

  it("is empty without a header", async () => {
    const jar = await jarOf();
    expect([...jar]).toEqual([]);
    expect(jar.get("toString")).toBeUndefined();
  });

  it("is the same for all who ask of one request", async () => {
    const context = await contextOf({ cookie: "a=1" });
    expect(context.cookies()).toBe(context.cookies());
  });

  it("reads the headers as layers have left them, when somebody asks for the first time", async () => {
    const context = await contextOf({ cookie: "a=1" });
    const jar = context.cookies();
    context.headers.set("cookie", "a=2");
    expect(jar.get("a")).toBe("2");
    context.headers.set("cookie", "a=3");
    expect(jar.get("a")).toBe("2");
  });

  it("takes the first of two: browsers send the one with the longest path first", async () => {
    expect(await all("a=1; b=; a=2; b=3")).toEqual([
      ["a", "1"],
      ["b", ""],
    ]);
  });

  it("decodes values once, and leaves those as they are that cannot be decoded", async () => {
    const jar = await jarOf({ cookie: "a=%C3%A9%3B%2525; b=100%; c=%FF; d=a+b" });
    expect([...jar].map(([, value]) => value)).toEqual(["é;%25", "100%", "%FF", "a+b"]);
  });

  it("decodes no names", async () => {
    expect(await all("__%48ost-a=evil; __Host-a=good")).toEqual([
      ["__%48ost-a", "evil"],
      ["__Host-a", "good"],
    ]);
  });

  it("trims nothing but spaces and tabs", async () => {
    expect(await all("\t a \t=\t 1 \t; \u00a0a=2; a\u0085=3")).toEqual([
      ["a", "1"],
      ["\u00a0a", "2"],
      ["a\u0085", "3"],
    ]);
  });

  it("keeps quotes and equals signs: they are part of the value", async () => {
    expect(await all('a="x y"; b=c=d')).toEqual([
      ["a", '"x y"'],
      ["b", "c=d"],
    ]);
  });

  it("drops what has no name or no value", async () => {
    expect(await all("=__Host-a=evil; b; ; =; c=1")).toEqual([["c", "1"]]);
  });

  it("has names of prototypes like any other", async () => {
    const jar = await jarOf({ cookie: "__proto__=1; constructor=2" });
    expect(jar.get("__proto__")).toBe("1");
    expect(jar.get("constructor")).toBe("2");
    expect(({} as Record<string, unknown>)["1"]).toBeUndefined();
  });

  it("sees its own changes at once", async () => {
    const jar = await jarOf({ cookie: "a=1; b=2" });
    jar.set("a", "x;é").remove("b").set("c", "3");
    expect([...jar]).toEqual([
      ["a", "x;é"],
      ["c", "3"],
    ]);
    expect(jar.has("b")).toBe(false);
    expect(jar.get("b")).toBeUndefined();
    expect(jar.set("b", "4").get("b")).toBe("4");
  });

  it("reads whatever it is sent", async () => {
    const Jar = (await jarOf()).constructor;
    await fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."ab=;%\"' \t,\u00a0é") }), (cookie) => {
        const source = { path: "/", scheme: "http", header: () => cookie, property: () => [] };
        const jar = Reflect.construct(Jar, [source]) as CookieJar;
        for (const [name, value] of jar) {
          expect(name).not.toBe("");
          expect(name).not.toMatch(/[=;]|^[ \t]|[ \t]$/);
          expect(jar.get(name)).toBe(value);
        }
      }),
    );
  });

  it("costs time in proportion to the header", { timeout: 5_000 }, async () => {
    for (const cookie of [";".repeat(1e6), "=".repeat(1e6), "a=1;".repeat(2e5), `${";".repeat(1e6)}=`]) {
      expect((await jarOf({ cookie })).get("b")).toBeUndefined();
    }
  });
});

it("is one for layers, extractors and the handler", async () => {
  const service = new Resource("/")
    .setHandlerFor(
      _get
        .to((context) => respond(context.cookies(), json([...context.cookies()])))
        .wrappedIn((handler) => (context, args) => {
          context.cookies().set("by", "layer");
          return handler(context, args);
        }),
    )
    .intoService();
  const response = await service.request("/", { headers: { cookie: "a=1" } });
  expect(await response.json()).toEqual([
    ["a", "1"],
    ["by", "layer"],
  ]);
  expect(response.headers.getSetCookie()).toEqual(["by=layer; Path=/; HttpOnly; SameSite=Lax"]);
});
