import { createReadStream } from "node:fs";
import {
  _post,
  _requestReceiver,
  type ErrorReport,
  JsonValueError,
  json,
  jsonLines,
  type RequestContext,
  Resource,
} from "argania";
import { CookieKey, cookieKey } from "argania/cookies";
import { defineSession, SessionLayer } from "argania/middleware";
import { describe, expect, test } from "vitest";

function* numbers() {
  yield 1;
}

async function* laterNumbers() {
  yield 1;
}

const session = defineSession<{ name: string }>();

/** Answers as a handler would that means all of it. */
async function failureOf(answer: (context: RequestContext<object>) => unknown): Promise<JsonValueError> {
  const reports: ErrorReport[] = [];
  const root = new Resource("/")
    .setProperty(cookieKey.to(CookieKey.generate()))
    .addLayerTo(_requestReceiver(new SessionLayer(session)))
    .setHandlerFor(_post.to(answer as never));
  const service = root.intoService({ logger: { error: (report) => reports.push(report) } });
  const response = await service.request("/?a=1", { method: "POST", body: "{}" });
  expect(response.status).toBe(500);
  expect(reports).toHaveLength(1);
  expect(reports[0]?.err).toBeInstanceOf(JsonValueError);
  return reports[0]?.err as JsonValueError;
}

const kinds: [string, (context: RequestContext<object>) => unknown, RegExp][] = [
  ["context.query", ({ query }) => query, /is a URLSearchParams.*Object\.fromEntries/],
  ["context.headers", ({ headers }) => headers, /is a Headers.*Object\.fromEntries/],
  ["context.body", ({ body }) => body, /is a ReadableStream.*jsonBody/],
  ["context.request", ({ request }) => request, /is a Request/],
  ["context.cookies()", (context) => context.cookies(), /is a jar of cookies.*jar\.get/],
  ["a definition of a session", () => session, /is the definition of a session.*session\.of/],
  ["a Map", () => new Map([["a", 1]]), /is a Map.*Object\.fromEntries\(map\)/],
  ["a Set", () => new Set([1]), /is a Set.*\[\.\.\.set\]/],
  ["a WeakMap", () => new WeakMap(), /is a WeakMap.*nobody can list/],
  ["new Headers", () => new Headers({ a: "b" }), /is a Headers/],
  ["a FormData", () => new FormData(), /is a FormData/],
  ["a File", () => new File(["a"], "a.txt"), /is a File/],
  ["a response of fetch", () => Response.json({}), /is a Response.*await response\.json\(\)/],
  ["a response of json", () => json({ a: 1 }), /is a response already/],
  ["a generator", () => numbers(), /is a Generator.*\[\.\.\.it\]/],
  ["an asynchronous generator", () => laterNumbers(), /is an AsyncGenerator.*jsonStream/],
  ["an iterator", () => new Map([["a", 1]]).keys(), /is an iterator.*\[\.\.\.it\]/],
  ["a stream of Node", () => createReadStream(import.meta.filename), /is a stream/],
];

describe.each(kinds)("what JSON leaves nothing of is refused: %s", (_, make, problem) => {
  test("by itself", async () => {
    const error = await failureOf((context) => json(make(context)));
    expect(error).toMatchObject({ code: "ARGANIA_JSON_VALUE", property: "", route: "/" });
    expect(error.message).toMatch(problem);
  });

  test("as a field and as an item", async () => {
    const error = await failureOf((context) => ({ page: 1, found: [{ it: make(context) }] }));
    expect(error).toMatchObject({ property: "found[0].it" });
    expect(error.message).toMatch(problem);
  });
});

test("an error by itself is refused, and told what to do with it", async () => {
  expect((await failureOf(() => json(new Error("secret"), 400))).message).toMatch(/throw it.*error\.message/);
});

test("in a line of a stream, too", async () => {
  await expect(jsonLines([{ tags: new Set() }]).text()).rejects.toThrow(/"tags" .* is a Set/);
});
