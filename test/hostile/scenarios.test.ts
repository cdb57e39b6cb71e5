import { gzipSync } from "node:zlib";
import { Resource, UnsafeRegexError } from "argania";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RawClient, statuses } from "../server/raw-client.ts";
import { checkAlive, checkAnswer } from "./check-answer.ts";
import { genericApp } from "./generic-app.ts";
import { expand, hostileCases } from "./hostile-case.ts";
import { OPEN_REDIRECT } from "./more-hosts.ts";
import { DECODING, GUARD_BYPASS, PATH_TRAVERSAL } from "./more-paths.ts";
import { parseResponses, sendRaw } from "./raw-client.ts";
import { request } from "./requests.ts";
import { type RunningApp, startApp } from "./start-app.ts";

let app: RunningApp;

beforeAll(async () => {
  app = await startApp({}, { handlerTimeout: 300 });
});

afterAll(async () => {
  await app.close();
});

describe("D09: what could cost exponential time when it is built or matched", () => {
  // Were it exponential, neither would end within the time that a test has.
  test.each([26, 52])("%i optional captures", async (count) => {
    const captures = Array.from({ length: count }, (_, index) => `{c${index}:x?}`);
    const root = new Resource("/");
    root.subresource(`/${captures.join("")}`);
    const service = root.intoService();
    for (const segment of ["x".repeat(count), "x".repeat(count + 1), `${"x".repeat(count)}!`]) {
      expect((await service.request(`/${segment}`)).status).toBe(404);
    }
  });

  test.each([
    "(a+)+",
    "(a+)*b",
    "(a*)*",
    "(a|a)*",
    "(a|aa)+",
    "(a|b|ab)*c",
    "([a-z]+)*\\d",
    "(\\w+\\s?)*!",
    "(\\d|\\w)+x",
    "(.*a){12}",
    "(x+x+)+y",
    "((a{1,5}){1,5})+b",
    "(?:a?){50}a{50}",
  ])("%s is refused, or matched in no time", async (source) => {
    const root = new Resource("/");
    try {
      root.subresource(`/{value:${source}}`);
    } catch (error) {
      expect(error).toBeInstanceOf(UnsafeRegexError);
    }
    const service = root.intoService();
    for (const letter of ["a", "x", "1", "ab", "a "]) {
      const segment = `${letter.repeat(256).slice(0, 255)}!`;
      expect((await service.request(`/${encodeURIComponent(segment)}`)).status).toBe(404);
    }
  });

  test.each(["(a+)+", "(a|a)*", "(a|aa)+", "([a-z]+)*\\d", "(x+x+)+y"])("%s is refused", (source) => {
    expect(() => new Resource(`/{value:${source}}`)).toThrow(UnsafeRegexError);
    expect(() => new Resource(`http://{value:${source}}.example.com/`)).toThrow(UnsafeRegexError);
  });

  test("what is refused can be had knowingly, and is harmless even then", async () => {
    const root = new Resource("/", { allowUnsafeRegex: true });
    root.subresource("/{value:(a+)+}");
    expect((await root.intoService().request(`/${"a".repeat(255)}!`)).status).toBe(404);
  });
});

test("E18: a redirect settles: following it once leads to no further one", async () => {
  const services = [genericApp(QUIET), genericApp({ ...QUIET, hasWildcards: true })];
  let followed = 0;
  for (const target of corpus()) {
    for (const service of services) {
      const location = (await service.request(target)).headers.get("location");
      if (location !== null) {
        followed++;
        expect(location).toMatch(/^\/(?![/\\])[!-~]*$/);
        const settled = await service.request(location);
        expect([target, settled.status, settled.headers.has("location")]).toEqual([
          target,
          settled.status,
          false,
        ]);
      }
    }
  }
  expect(followed).toBeGreaterThan(30);
});

const QUIET = { logger: { error: () => {} } };

/** Every target of every raw case, with the other trailing slash too, but for those that no HTTP parser lets pass. */
function corpus(): readonly string[] {
  const raws = hostileCases(["path-traversal", "guard-bypass", "decoding", "regex", "host", "open-redirect"])
    .map(({ raw = "" }) => raw)
    .concat([...PATH_TRAVERSAL, ...GUARD_BYPASS, ...DECODING, ...OPEN_REDIRECT].map(([, raw]) => raw));
  const targets = raws
    .map((raw) => expand(raw).split(" ")[1] ?? "/")
    .filter((target) => /^\/[^\0-\x20\x7f]*$/.test(target) && !target.includes("/boom/"));
  const other = targets.map((target) => target.replace(/\/?(?=\?|$)/, (slash) => (slash === "" ? "/" : "")));
  return [...new Set([...targets, ...other.filter((target) => target.startsWith("/"))])];
}

test("M-errh: an error handler that throws itself", async () => {
  await checkAnswer(app, request("/bad-error-handler"), {
    status: [500],
    bodyExcludes: ["postgres://", "    at ", "error handler"],
    alive: true,
  });
});

test("M-after: what fails half-way is reported once, and has no second status line", async () => {
  app.reports.length = 0;
  const { bytes, isClosed } = await sendRaw(app, request("/boom/after"));
  expect(isClosed).toBe(true);
  expect(bytes.toString("latin1").match(/HTTP\/1\.1 /g)).toHaveLength(1);
  expect(parseResponses(bytes, false)[0]).toMatchObject({ status: 200, isWhole: false });
  expect(app.reports.map(({ path }) => path)).toEqual(["/boom/after"]);
});

test("M-late: what is rejected after the response is reported", async () => {
  app.reports.length = 0;
  await checkAnswer(app, request("/boom/late"), { status: [200], bodyEquals: "in time", alive: true });
  await expect.poll(() => app.reports.map(({ err }) => String(err))).toEqual(["Error: DB=postgres://u:p@h"]);
});

test("a handler that never settles is given up", async () => {
  await checkAnswer(app, request("/boom/never"), { status: [503], alive: true });
});

// Those that are opened are in body-bombs.test.ts.
test("H24: a compression bomb is not opened without a layer that does", async () => {
  const bomb = gzipSync(Buffer.alloc(10_000_000, " ")).toString("latin1");
  const head = `Content-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: ${bomb.length}`;
  const raw = `POST /json HTTP/1.1\r\nHost: 127.0.0.1\r\n${head}\r\nConnection: close\r\n\r\n${bomb}`;
  await checkAnswer(app, raw, { status: [415], header: { "accept-encoding": "^identity$" }, alive: true });
});

test("H26: a body cut short by FIN", async () => {
  app.values.length = 0;
  app.reports.length = 0;
  const client = await RawClient.connect(app.port, app.host);
  client.send(
    'POST /json HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"a":',
  );
  client.socket.end();
  expect([[], [400]]).toContainEqual(statuses(await client.all()));
  await checkAlive(app);
  expect([app.values, app.reports]).toEqual([[], []]);
});

test("clients that go away at any point of a request harm nobody", async () => {
  const whole = `POST /json HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{"a":"b"}`;
  const cuts = Array.from({ length: whole.length / 6 }, (_, index) => whole.slice(0, index * 6));
  await Promise.all(cuts.map((part) => sendRaw(app, part, 50)));
  await checkAlive(app);
});
