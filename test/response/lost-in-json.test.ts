import { _get, type ErrorReport, JsonValueError, json, jsonLines, Resource, respond } from "argania";
import { ServerEvent } from "argania/sse";
import { describe, expect, test } from "vitest";

const all = async () => [{ id: 1 }];

/** Runs when it is awaited, as those of query builders. */
class Query {
  readonly table = "books";
  // biome-ignore lint/suspicious/noThenProperty: that is what is tested.
  then(resolve: (rows: unknown) => void) {
    resolve([]);
  }
}

class Lazy extends Promise<number> {
  toJSON() {
    return {};
  }
}

const forgotten: [string, () => unknown, string][] = [
  ["json(promise)", () => json(all()), ""],
  ["json(query)", () => json(new Query()), ""],
  ["[promise]", () => [all()], "[0]"],
  ["{ rows: promise }", () => ({ rows: all() }), "rows"],
  ["behind many numbers", () => ({ points: Array.from({ length: 500 }, Math.random), rows: all() }), "rows"],
  ["{ rows: [promise] }", () => ({ rows: [1, 2, 3].map(all) }), "rows[0]"],
  ["json({ page: { rows: promise } })", () => json({ page: { rows: all(), meta: {} } }), "page.rows"],
  ["respond(201, { … })", () => respond(201, { "x-a": "b" }, { user: all() }), "user"],
];

describe("a promise that nobody has awaited is no empty object", () => {
  test.each(forgotten)("%s", async (_, handler, property) => {
    const reports: ErrorReport[] = [];
    const root = new Resource("/");
    root.subresource("/books").setHandlerFor(_get.to(handler as never));
    const service = root.intoService({ logger: { error: (report) => reports.push(report) } });
    const response = await service.request("/books");
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain("promise");
    expect(reports[0]?.err).toBeInstanceOf(JsonValueError);
    expect(reports[0]?.err).toMatchObject({ code: "ARGANIA_JSON_VALUE", property, route: "/books" });
    expect(String(reports[0]?.err)).toMatch(/is a promise.*await it first/);
  });

  test("in an event and in an item of a stream, too", async () => {
    expect(() => new ServerEvent().withJsonData({ rows: all() })).toThrow(JsonValueError);
    await expect(jsonLines([{ rows: all() }]).text()).rejects.toThrow(JsonValueError);
  });
});

test("what is empty because it is meant is sent", async () => {
  class Empty {}
  class Store {
    readonly name = "a";
    readonly cache = new Map();
  }
  class Cart extends Map<string, number> {
    readonly total = 3;
  }
  const values = [
    {},
    [{}],
    new Empty(),
    new Store(),
    { store: new Store(), cart: new Cart() },
    { results: [{ status: "rejected", reason: new Error("secret") }] },
    Object.assign(new Error("secret"), { reason: "known" }),
    { meta: {}, text: "{}" },
    { a: new Empty(), b: /x/ },
    // biome-ignore lint/suspicious/noThenProperty: that is what is tested.
    { then: "and now", meta: {} },
    // biome-ignore lint/suspicious/noThenProperty: that is what is tested.
    { step: { name: "a", then() {} }, note: "x" },
    // biome-ignore lint/suspicious/noThenProperty: that is what is tested.
    { step: { name: "a", then() {} }, note: "{}" },
    { query: new Query(), meta: {} },
    new Lazy(() => {}),
    { lazy: new Lazy(() => {}), rows: Array.from({ length: 500 }, () => ({})) },
  ];
  for (const value of values) {
    expect(await json(value).text()).toBe(JSON.stringify(value));
  }
});

test("the search has an end, and a getter that throws at its second look breaks nothing", async () => {
  const far = { rows: Array.from({ length: 500 }, () => ({})), last: { promise: all() } };
  expect(await json(far).text()).toContain('"promise":{}');
  let looks = 0;
  const once = {
    empty: {},
    get value() {
      looks += 1;
      if (looks > 1) {
        throw new Error("once");
      }
      return 1;
    },
  };
  expect(await json(once).text()).toBe('{"empty":{},"value":1}');
});

test("of a long array only its beginning is looked at, and no list of its keys is made", async () => {
  let reads = 0;
  let lists = 0;
  const points = new Proxy(
    Array.from({ length: 1000 }, (_, at) => at),
    {
      get: (target, key) => {
        reads += 1;
        return Reflect.get(target, key);
      },
      ownKeys: (target) => {
        lists += 1;
        return Reflect.ownKeys(target);
      },
    },
  );
  JSON.stringify(points);
  const whenSent = reads;
  expect(await json({ points, meta: {} }).text()).toContain('"meta":{}');
  expect(reads - 2 * whenSent).toBeLessThanOrEqual(210);
  expect(lists).toBe(0);
});

test("promises that are forgotten may be rejected, however many there are", async () => {
  const failing = async () => {
    await new Promise((resolve) => setImmediate(resolve));
    throw new Error("nobody hears of it");
  };
  const values = [
    () => failing(),
    () => ({ user: failing() }),
    () => ({ first: failing(), rest: [failing(), { last: failing() }] }),
    () => Array.from({ length: 1000 }, failing),
    // The first one is the last value that is looked at.
    () => [...Array.from({ length: 199 }, () => 1), failing(), failing()],
  ];
  for (const value of values) {
    expect(() => json(value() as unknown as object)).toThrow("is a promise");
  }
  // The test fails with a rejection that nobody hears of.
  await new Promise((resolve) => setTimeout(resolve, 10));
});
