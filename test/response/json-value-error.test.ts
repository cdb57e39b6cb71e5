import {
  _get,
  type ErrorReport,
  JsonValueError,
  json,
  jsonLines,
  jsonStream,
  Resource,
  ResponseError,
} from "argania";
import { EventStream, ServerEvent } from "argania/sse";
import { describe, expect, test } from "vitest";

const circular: Record<string, unknown> = { name: "a" };
circular.items = [1, { "a-b": circular }];
const inner: Record<string, unknown> = { id: 1 };
inner.parent = inner;

function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
}

class Money {
  toJSON() {
    return { amount: 5n };
  }
}

describe("a value that JSON cannot hold is named", () => {
  test.each<[unknown, string, RegExp]>([
    [5n, "", /^What was to be sent as JSON is a BigInt/],
    [
      { user: { balance: 5n } },
      "user.balance",
      /^"user\.balance" of what was to be sent as JSON is a BigInt/,
    ],
    [[{ id: 1 }, { id: 2n }], "[1].id", /BigInt/],
    [{ "not-a-name": [5n] }, '["not-a-name"][0]', /BigInt/],
    [{ a: [], b: { c: {} }, d: { price: new Money() } }, "d.price.amount", /BigInt/],
    [{ toJSON: () => 5n }, "", /BigInt/],
    [circular, 'items[1]["a-b"]', /is that itself again, and so circular/],
    [{ user: inner, more: 5n }, "user.parent", /is "user" again, and so circular/],
    [{ ["k".repeat(500)]: 5n }, `${"k".repeat(200)}…`, /BigInt/],
  ])("%#", (value, property, message) => {
    const error = thrownBy(() => json(value));
    expect(error).toBeInstanceOf(JsonValueError);
    expect(error).toMatchObject({ code: "ARGANIA_JSON_VALUE", property });
    expect((error as JsonValueError).message).toMatch(message);
    expect((error as JsonValueError).cause).toBeInstanceOf(TypeError);
  });

  test("not what occurs twice without a circle", () => {
    const shared = { a: 1 };
    const value = { one: shared, two: [shared, { shared }], last: 1n };
    expect(thrownBy(() => json(value))).toMatchObject({ property: "last" });
  });

  test("and what a getter or a toJSON throws is thrown on", () => {
    const own = new RangeError("own");
    const throwing = {
      toJSON() {
        throw own;
      },
    };
    expect(thrownBy(() => json({ a: throwing }))).toBe(own);
    expect(thrownBy(() => json({ a: new Proxy({}, { ownKeys: () => throwing.toJSON() }) }))).toBe(own);
  });

  test("and the search has an end", () => {
    const long = { items: Array.from({ length: 100_000 }, () => 1), last: 1n };
    expect(thrownBy(() => json(long))).toBeInstanceOf(TypeError);
    let deep: unknown = 1;
    for (let level = 0; level < 50_000; level++) {
      deep = [deep];
    }
    expect(thrownBy(() => json(deep))).toBeInstanceOf(RangeError);
  });
});

const value = { user: { secret: 5n } };
const report = { code: "ARGANIA_JSON_VALUE", property: "user.secret", route: "/users/{id}" };

async function* later(items: readonly unknown[]) {
  yield* items;
}

async function ask(answer: () => object) {
  const reports: ErrorReport[] = [];
  const logger = { error: (entry: ErrorReport) => reports.push(entry) };
  const resource = new Resource("/users/{id}").setHandlerFor(_get.to(answer));
  return { reports, response: await resource.intoService({ logger }).request("/users/7") };
}

describe("the client sees a plain 500, and the log the route and the property", () => {
  test.each<[string, () => object]>([
    ["json", () => json(value)],
    ["a plain object", () => value],
    ["a plain object, later", async () => value],
    ["a ServerEvent", () => new EventStream([new ServerEvent().withJsonData(value)])],
    ["jsonStream, whose first chunk has all of the items", () => jsonStream([{}, value])],
    ["jsonLines, whose first chunk has all of the items", () => jsonLines([{}, value])],
    ["an error with details", () => new ResponseError(400, "", { details: value })],
  ])("%s", async (_name, answer) => {
    const { reports, response } = await ask(answer);
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain("secret");
    expect(reports[0]?.err).toMatchObject(report);
  });

  test.each<[string, () => object]>([
    ["jsonStream", () => jsonStream(later([{}, value]))],
    ["jsonLines", () => jsonLines(later([{}, value]))],
    ["an event", () => new EventStream([{ data: "a" }, { data: value }])],
  ])("%s that has begun", async (_name, answer) => {
    const { reports, response } = await ask(answer);
    await expect(response.text()).rejects.toThrow();
    expect(reports).toHaveLength(1);
    expect(reports[0]?.err).toMatchObject(report);
  });
});
