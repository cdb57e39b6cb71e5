import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkAlive, checkAnswer } from "./check-answer.ts";
import { HOST, HOSTS_WITHOUT_URL, OPEN_REDIRECT } from "./more-hosts.ts";
import { DECODING, GUARD_BYPASS, PATH_TRAVERSAL } from "./more-paths.ts";
import { PROTOCOL_GARBAGE, SMUGGLING } from "./more-protocol.ts";
import { forTargets, type OwnCase, request } from "./requests.ts";
import { type RunningApp, startApp } from "./start-app.ts";

const REGEX = forTargets({
  "/num/1": { status: [200], bodyEquals: "1" },
  "/num/{{rep:1:256}}": 200,
  "/num/{{rep:1:257}}": 404,
  "/num/{{rep:1:7000}}": 404,
  "/num/-1": 404,
  "/num/1e5": 404,
  "/num/%20": 404,
  "/num/1%00": 400,
  "/num/%EF%BC%91": 404,
  "/num/1%E2%80%A8": 404,
  "/multi/a-b-c": { status: [200], bodyEquals: '["a","b","c"]' },
  "/multi/a--b-c": { status: [200], bodyEquals: '["a-","b","c"]' },
  "/multi/{{rep:-:256}}": 200,
  "/multi/{{rep:-:7000}}": 404,
  "/multi/{{rep:a:255}}-": 404,
  "/files/a.b.c": { status: [200], bodyEquals: '["a","b.c"]' },
  "/files/.env": 404,
  "/files/a.": 404,
  "/files/{{rep:.:256}}": 404,
  "/files/a{{rep:.:255}}": 200,
});

const LEAKS = ["postgres://", "    at ", "node_modules", "Error:"];

const ERROR_HANDLING: readonly OwnCase[] = [
  ...["reject", "string", "status999", "circular", "sync", "getter"].flatMap((kind): OwnCase[] => [
    [`handler: ${kind}`, request(`/boom/${kind}`), { status: [500], bodyExcludes: LEAKS, alive: true }],
    [
      `handler: ${kind}, for a client that wants text`,
      request(`/boom/${kind}`, ["Accept: text/plain"]),
      { status: [500], bodyExcludes: LEAKS, header: { "content-type": "^text/plain" } },
    ],
    [
      `handler: ${kind}, HEAD`,
      request(`/boom/${kind}`, [], "HEAD"),
      { status: [500], noBody: true, alive: true },
    ],
  ]),
  ["a stream that fails", request("/boom/stream"), { status: [200], truncated: true, alive: true }],
  [
    "HEAD of a stream that fails",
    request("/boom/after", [], "HEAD"),
    { status: [200], noBody: true, alive: true },
  ],
  [
    "the path is not reflected as markup",
    request("/<script>alert(1)</script>", ["Accept: text/html"]),
    { status: [404], bodyExcludes: ["<script>"], headerExcludes: { "content-type": "html" } },
  ],
  [
    "problem details",
    request("/nothing"),
    { status: [404], header: { "content-type": "^application/problem\\+json" } },
  ],
];

const CLASSES: readonly (readonly [string, readonly OwnCase[]])[] = [
  ["path-traversal", PATH_TRAVERSAL],
  ["guard-bypass", GUARD_BYPASS],
  ["decoding", DECODING],
  ["regex", REGEX],
  ["host", HOST],
  ["smuggling", SMUGGLING],
  ["protocol-garbage", PROTOCOL_GARBAGE],
  ["error-handling", ERROR_HANDLING],
];

let app: RunningApp;
let appWithWildcards: RunningApp;

beforeAll(async () => {
  [app, appWithWildcards] = await Promise.all([startApp(), startApp({ hasWildcards: true })]);
});

afterAll(async () => {
  await Promise.all([app.close(), appWithWildcards.close()]);
});

describe.each(CLASSES)("%s", (_name, cases) => {
  test.each(cases)("%s", async (_title, raw, expected) => {
    await checkAnswer(app, raw, expected);
  });
});

describe("open-redirect", () => {
  test.each(OPEN_REDIRECT)("%s", async (_title, raw, expected) => {
    await checkAnswer(appWithWildcards, raw, expected);
  });
});

describe("with wildcards beside it, a guarded resource is still guarded", () => {
  const guarded = GUARD_BYPASS.filter(([, , { bodyExcludes }]) => bodyExcludes !== undefined);
  test.each(guarded)("%s", async (_title, raw, { bodyExcludes = [] }) => {
    await checkAnswer(appWithWildcards, raw, { bodyExcludes });
  });
});

describe("a host that no URL can have", () => {
  test.each(HOSTS_WITHOUT_URL)("%s", async (host) => {
    const raw = `POST /json HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}`;
    await checkAnswer(app, raw, { status: [200, 400] });
  });
});

test("after all of that both servers answer, and no failure of their own was reported", async () => {
  await checkAlive(app);
  await checkAlive(appWithWildcards);
  const reports = [...app.reports, ...appWithWildcards.reports];
  const unexpected = reports.filter(({ path, err }) => !path?.startsWith("/boom/") && !isClientsFault(err));
  expect(unexpected.map(({ method, path, err }) => `${method} ${path}: ${err}`)).toEqual([]);
});

/** A body that broke off: the handler that reads it passes the error on. */
function isClientsFault(error: unknown): boolean {
  return error instanceof Error && (error.name === "AbortError" || error.message === "aborted");
}
