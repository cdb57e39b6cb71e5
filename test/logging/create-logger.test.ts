import { _get, _requestReceiver, Resource } from "argania";
import { createLogger, type LogDestination, LoggerLayer, redactedPaths, requestLogger } from "argania/logger";
import { pino } from "pino";
import { afterEach, describe, expect, it, vi } from "vitest";
import { loadPretty } from "../../src/middleware/logger/load-pretty.ts";
import { capture } from "./capture.ts";

function lines() {
  const written: string[] = [];
  const destination: LogDestination = { write: (line) => written.push(line) };
  return { written, destination };
}

afterEach(() => vi.unstubAllEnvs());

describe("createLogger", () => {
  it("writes nothing in tests, and everything where it is told where to", () => {
    expect(createLogger().isLevelEnabled?.("fatal")).toBe(false);
    const { written, destination } = lines();
    createLogger({ destination }).info("x");
    expect(written).toHaveLength(1);
  });

  it.each([
    ["production", false, true],
    ["staging", false, true],
    ["development", true, true],
    ["", true, true],
    ["test", false, false],
  ])("has the level of its environment: %s", (name, debug, info) => {
    vi.stubEnv("NODE_ENV", name);
    const logger = createLogger();
    expect([logger.isLevelEnabled?.("debug"), logger.isLevelEnabled?.("info")]).toEqual([debug, info]);
    expect(createLogger({ level: "warn" }).isLevelEnabled?.("info")).toBe(false);
  });

  it("redacts credentials, and what it is told to", () => {
    const { written, destination } = lines();
    const logger = createLogger({ destination, redact: ["user.email", "items[*].card"] });
    logger.info({
      headers: { authorization: "hidden", cookie: "hidden", "set-cookie": ["hidden"], accept: "shown" },
      req: { headers: { Authorization: "x", authorization: "hidden", "x-api-key": "hidden" } },
      response: { headers: { "set-cookie": "hidden" } },
      user: { email: "hidden", name: "shown" },
      items: [{ card: "hidden" }, { card: "hidden" }],
      password: "hidden",
      token: "hidden",
    });
    expect(written[0]).not.toContain("hidden");
    expect(JSON.parse(written[0] as string)).toMatchObject({
      headers: { authorization: "[redacted]", accept: "shown" },
      user: { email: "[redacted]", name: "shown" },
    });
  });

  it("redacts the headers of a request, which are no plain object", async () => {
    const log = capture();
    const root = new Resource("/");
    root.addLayerTo(_requestReceiver(new LoggerLayer(log.logger)));
    root.setHandlerFor(
      _get.to((context) => {
        requestLogger(context).info({ headers: context.headers }, "asked");
        requestLogger(context).info({ headers: 7 }, "no headers");
        return null;
      }),
    );
    const { request } = root.intoService();
    await request("/", { headers: { authorization: "hidden", accept: "*/*" } });
    expect(log.raw.join("")).not.toContain("hidden");
    expect(log.lines()[0]).toMatchObject({ headers: { accept: "*/*", authorization: "[redacted]" } });
    expect(log.lines()[1]).toMatchObject({ headers: 7 });
  });

  it("gives its paths to loggers of one's own", () => {
    const { written, destination } = lines();
    pino({ redact: [...redactedPaths()] }, destination).info({
      request: { headers: { authorization: "hidden" } },
    });
    expect(written[0]).not.toContain("hidden");
  });

  it("writes for people if it is told to", () => {
    const { written, destination } = lines();
    const logger = createLogger({ destination, pretty: true });
    logger.info({ user: 7 }, "signed in");
    expect(written).toHaveLength(1);
    expect(written[0]).toMatch(/INFO.*signed in.*"user":7/);
    expect(() => JSON.parse(written[0] as string)).toThrow();
  });

  it("writes requests for people: what matters first, stacks on lines of their own", async () => {
    const { written, destination } = lines();
    const root = new Resource("/");
    root.addLayerTo(_requestReceiver(new LoggerLayer({ logger: { destination, pretty: true } })));
    root.subresource("/users/{id}").setHandlerFor(_get.to(() => "x"));
    root.subresource("/broken").setHandlerFor(
      _get.to(() => {
        throw new Error("no \u001b[31mdatabase\nINFO: fine");
      }),
    );
    const { request } = root.intoService({ logger: { error() {} } });
    await request("/users/7");
    await request("/broken");
    expect(written[0]).toMatch(/GET \/users\/7 200 [\d.]+ ms.*\/users\/\{id\}/);
    expect(written[1]).toMatch(/GET \/broken 500 [\d.]+ ms/);
    expect(written[1]).toMatch(/\n +at /);
    expect(written[1]).not.toContain("[31mdatabase\nINFO");
  });

  it("writes JSON, and says so, where pino-pretty is not installed", () => {
    expect(
      loadPretty(() => {
        throw new Error("not found");
      }),
    ).toBeNull();
    const asked: string[] = [];
    loadPretty((_, from) => {
      asked.push(from);
      throw new Error("not found");
    });
    expect(asked).toHaveLength(2);
    expect(asked[1]).toBe(`${process.cwd()}/package.json`);
  });

  it.each([
    [{ levels: "info" }, /no option "levels"/],
    [{ level: "loud" }, /level of createLogger/],
    [{ pretty: "yes" }, /pretty of createLogger/],
    [{ redact: "password" }, /redact of createLogger/],
    [{ redact: [7] }, /redact of createLogger/],
    [{ name: 7 }, /name of createLogger/],
    [{ destination: "stdout" }, /destination of createLogger/],
    [[], /an object of options/],
  ])("refuses wrong options: %j", (options, message) => {
    expect(() => createLogger(options as never)).toThrow(message);
  });
});
