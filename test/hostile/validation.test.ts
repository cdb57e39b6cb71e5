import {
  _get,
  _post,
  type ErrorReport,
  headers,
  json,
  jsonBody,
  pathParams,
  queryParams,
  Resource,
  Server,
  type ServerHandle,
} from "argania";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import "argania/fastest-validator";
import { checkAlive, checkAnswer } from "./check-answer.ts";
import { type Expectation, expand, hostileCases } from "./hostile-case.ts";
import type { Target } from "./raw-client.ts";
import { type OwnCase, request } from "./requests.ts";

const reports: ErrorReport[] = [];
const values: unknown[] = [];
let server: ServerHandle;
let target: Target;

/** What the handlers of the generic app do, behind rules. */
function ruledApp(): Resource {
  const root = new Resource("/");
  const query = queryParams({
    n: "number|optional",
    tags: "string[]|optional",
    at: "date|optional",
    $$strict: false,
  });
  root.setHandlerFor(_get.to([query, headers({ "x-n": "number|optional" })], () => "root"));
  root.subresource("/json").setHandlerFor(
    _post.to([jsonBody({ $$root: true, type: "any", optional: true })], (value) => {
      values.push(value);
      return json(value ?? null);
    }),
  );
  root.subresource("/num/{n}").setHandlerFor(_get.to([pathParams({ n: "number" })], ({ n }) => String(n)));
  const node: Record<string, unknown> = { $$type: "object", name: "string|optional" };
  node.next = { type: "multi", rules: [node], optional: true };
  root.subresource("/rules").setHandlerFor(
    _post.to(
      [
        jsonBody({
          text: "string|convert|optional",
          number: "number|convert|optional",
          mail: "email|optional",
          price: "currency|optional",
          same: "equal|field:text|optional",
          one: { type: "equal", value: 1, optional: true },
          list: "number[]|optional",
          byName: { type: "record", key: "string|lowercase|trim", value: "object", optional: true },
          node: node as { $$type: "object" },
        }),
      ],
      (value) => json(value),
    ),
  );
  return root;
}

beforeAll(async () => {
  const logger = { error: (report: ErrorReport) => void reports.push(report) };
  const service = ruledApp().intoService({ logger });
  server = await new Server().withLogger(logger).serve(service, "127.0.0.1:0");
  target = { host: server.address.host, port: server.address.port };
});

afterAll(() => server.close());

const post = (body: string): string =>
  `POST /rules HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`;
const rules = (title: string, members: string, expected: Expectation): OwnCase => [
  title,
  post(`{"node":{},${members}}`),
  { alive: true, bodyExcludes: ["node_modules", "    at "], maxBody: 100_000, ...expected },
];
const STUBBORN = '{"toString":1,"valueOf":1}';

describe.each(["json-body", "decoding"])("%s, behind rules", (name) => {
  const cases = hostileCases([name]).filter(({ raw = "" }) =>
    name === "json-body" ? raw !== "" : /^GET \/(?:\?|num| )/.test(raw),
  );
  test("there are some", () => {
    expect(cases.length).toBeGreaterThan(0);
  });
  test.each(cases.map((one) => [one.id, one.title, one] as const))("%s %s", async (_id, _title, one) => {
    values.length = 0;
    await checkAnswer(target, expand(one.raw ?? ""), one.expect);
    if (one.expect.handlerRuns !== undefined) {
      expect(values).toHaveLength(one.expect.handlerRuns);
    }
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

const BODIES: readonly OwnCase[] = [
  ...["text", "number", "mail", "price", "same", "one"].map((name) =>
    rules(`${name}: an object that is no text`, `"text":"x","${name}":${STUBBORN}`, { status: [400] }),
  ),
  rules("the field beside is an object that is no text", `"text":${STUBBORN},"same":"x"`, { status: [400] }),
  rules("a list of them", `"text":[[${STUBBORN}]],"list":[${STUBBORN}]`, { status: [400] }),
  rules("an address that takes a regex long", `"mail":"${"@.".repeat(400_000)} "`, {
    status: [400],
    maxMs: 1_000,
  }),
  rules("a price that takes a regex long", `"price":"${"x".repeat(900_000)}"`, {
    status: [400],
    maxMs: 1_000,
  }),
  rules("half a million issues", `"list":[${'"",'.repeat(200_000)}1]`, { status: [400], maxMs: 2_000 }),
  rules("a name of a megabyte", `"byName":{"${"k".repeat(900_000)}":1}`, { status: [400], maxMs: 1_000 }),
  rules("a rule inside itself, 20,000 times", `"node":${'{"next":'.repeat(20_000)}{}${"}".repeat(20_000)}`, {
    status: [400],
  }),
  rules("__proto__ by way of lower case", '"byName":{"__PROTO__":{"polluted":1}}', {
    status: [200],
    bodyExcludes: ["polluted"],
  }),
  rules("__proto__ in escapes", '"byName":{"\\u005f_proto__":{"polluted":1}}', { status: [400] }),
  rules("a name that all objects have", '"constructor":{"name":1},"hasOwnProperty":1', {
    status: [200],
    bodyEquals: '{"node":{}}',
  }),
];

const TEXTS: readonly OwnCase[] = [
  ["a number of 7,000 digits", request(`/num/${"1".repeat(7_000)}`), { status: [404], alive: true }],
  ["another one's id", request("/num/9007199254740993"), { status: [404] }],
  ["hexadecimal", request("/num/0x10"), { status: [404] }],
  ["infinite", request("/num/1e999"), { status: [404] }],
  ["digits that are not ASCII", request("/num/%D9%A1"), { status: [404] }],
  ["with a line feed", request("/num/1%0A"), { status: [404] }],
  [
    "__proto__ in a query",
    request("/?__proto__=1&__proto__[polluted]=1&tags=a"),
    { status: [200], alive: true },
  ],
  ["repeated", request(`/?${"n=1&".repeat(1_000)}`), { status: [400], maxBody: 2_000 }],
  ["many issues", request(`/?n=x&at=x&tags=${"a&tags=".repeat(500)}`), { status: [400], maxBody: 2_000 }],
  [
    "a header that is no number",
    request("/", ["X-N: 0x10"]),
    { status: [400], bodyIncludes: ["ARGANIA_HEADERS"] },
  ],
  ["a header twice", request("/", ["X-N: 1", "X-N: 2"]), { status: [400] }],
  ["a header __proto__", request("/", ["__proto__: 1"]), { status: [200] }],
];

describe.each([
  ["bodies", BODIES],
  ["texts", TEXTS],
] as const)("%s", (_name, cases) => {
  test.each(cases)("%s", async (_title, raw, expected) => {
    await checkAnswer(target, raw, expected);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

test("nothing of all that was a failure of the server", async () => {
  await checkAlive(target);
  expect(reports.map(({ path, err }) => `${path}: ${err}`)).toEqual([]);
});
