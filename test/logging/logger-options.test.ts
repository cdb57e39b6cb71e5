import { _get, _requestReceiver, LightResponse, Resource, respond } from "argania";
import { LoggerLayer, type LoggerLayerOptions, type PinoLogger } from "argania/logger";
import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { capture, ERROR, INFO } from "./capture.ts";

function site(options: Omit<LoggerLayerOptions, "logger">, level: "trace" | "error" = "trace") {
  const log = capture({ level });
  const root = new Resource("/");
  root.addLayerTo(_requestReceiver(new LoggerLayer({ logger: log.logger, ...options })));
  root
    .subresource("/x")
    .setHandlerFor(_get.to(() => respond({ "set-cookie": "sid=hidden", etag: '"1"' }, "1234ü")));
  root.subresource("/health").setHandlerFor(_get.to(() => 503));
  root
    .subresource("/sized")
    .setHandlerFor(
      _get.to(() => respond({ "content-length": "4" }, new LightResponse(new Blob(["1234"]).stream()))),
    );
  root.subresource("/stream").setHandlerFor(_get.to(() => new Blob(["1234"]).stream()));
  root.subresource("/unchanged").setHandlerFor(
    _get.to((context) => {
      context.beforeSend((response) => {
        response.status = 304;
      });
      return "not sent";
    }),
  );
  root.subresource("/empty").setHandlerFor(_get.to(() => null));
  const { request } = root.intoService();
  return {
    log,
    ask: async (path: string, init?: Parameters<typeof request>[1]) => {
      await (await request(path, init)).text();
      return log.lines().at(-1);
    },
  };
}

const HEADERS = {
  authorization: "Bearer hidden",
  "proxy-authorization": "Basic hidden",
  cookie: "sid=hidden",
  "x-api-key": "hidden",
  "user-agent": "curl/8",
  accept: "*/*",
};

describe("options of LoggerLayer", () => {
  it("query: leaves it out, or the values of credentials, or of all but some", async () => {
    const path = "/x?page=2&access_token=hidden&q=a%20b&Password=hidden";
    expect(await site({}).ask(path)).not.toHaveProperty("query");
    expect(await site({ query: false }).ask(path)).not.toHaveProperty("query");
    expect((await site({ query: true }).ask(path))?.query).toBe(
      "page=2&access_token=[redacted]&q=a%20b&Password=[redacted]",
    );
    expect((await site({ query: ["page"] }).ask(path))?.query).toBe(
      "page=2&access_token=[redacted]&q=[redacted]&Password=[redacted]",
    );
    expect(await site({ query: true }).ask("/x")).not.toHaveProperty("query");
  });

  it("headers, responseHeaders: without credentials", async () => {
    const some = site({
      headers: ["Accept", "Authorization", "x-none"],
      responseHeaders: ["set-cookie", "ETag"],
    });
    expect(await some.ask("/x", { headers: HEADERS })).toMatchObject({
      headers: { accept: "*/*", authorization: "[redacted]" },
      responseHeaders: { "set-cookie": "[redacted]", etag: '"1"' },
    });
    const all = site({ headers: true, responseHeaders: true });
    const line = await all.ask("/x", { headers: HEADERS });
    expect(line?.headers).toMatchObject({ accept: "*/*", cookie: "[redacted]", "x-api-key": "[redacted]" });
    expect(line?.responseHeaders).toMatchObject({ etag: '"1"', "content-type": expect.any(String) });
    expect(some.log.raw.join("") + all.log.raw.join("")).not.toContain("hidden");
    expect(await site({}).ask("/x", { headers: HEADERS })).not.toHaveProperty("headers");
  });

  it("userAgent", async () => {
    expect(await site({}).ask("/x", { headers: HEADERS })).not.toHaveProperty("userAgent");
    expect(await site({ userAgent: true }).ask("/x", { headers: HEADERS })).toHaveProperty(
      "userAgent",
      "curl/8",
    );
  });

  it("bytes: where it is known", async () => {
    const { ask } = site({ bytes: true });
    expect(await ask("/x")).toHaveProperty("bytes", 6);
    expect(await ask("/x", { method: "HEAD" })).toHaveProperty("bytes", 0);
    expect(await ask("/empty")).toHaveProperty("bytes", 0);
    expect(await ask("/sized")).toHaveProperty("bytes", 4);
    expect(await ask("/stream")).not.toHaveProperty("bytes");
    expect(await ask("/nowhere")).toHaveProperty("bytes", expect.any(Number));
    expect(await ask("/unchanged")).toMatchObject({ status: 304, bytes: 0 });
    expect(await site({}).ask("/x")).not.toHaveProperty("bytes");
  });

  it("ignore: by path, or by a function", async () => {
    for (const ignore of [["/health"], (context: { path: string }) => context.path === "/health"]) {
      const { log, ask } = site({ ignore });
      await ask("/health");
      await ask("/%68ealth");
      expect(log.raw).toEqual([]);
      await ask("/x");
      expect(log.raw).toHaveLength(1);
    }
  });

  it("level: as a function says", async () => {
    const { log, ask } = site({ level: ({ status }) => (status === 503 ? "silent" : "debug") });
    await ask("/health");
    expect(log.raw).toEqual([]);
    expect(await ask("/x")).toMatchObject({ level: 20 });
  });

  it("fields: further ones, and others in the place of ours", async () => {
    const { ask } = site({
      fields: (context, { status }) => ({
        path: undefined,
        host: "h",
        double: (status ?? 0) * 2,
        q: context.search,
      }),
    });
    const line = await ask("/x?a=1");
    expect(line).toMatchObject({ host: "h", double: 400, q: "?a=1" });
    expect(line).not.toHaveProperty("path");
  });

  it("functions that throw, or return nonsense, cost nothing but what they were for", async () => {
    const fail = () => {
      throw new Error("mine");
    };
    const { ask } = site({ ignore: fail, level: fail, fields: fail });
    expect(await ask("/x")).toMatchObject({ status: 200, level: INFO, fieldsError: { msg: "mine" } });
    expect(await site({ level: () => "loud" as never }).ask("/health")).toMatchObject({ level: ERROR });
    expect(await site({ fields: () => undefined as never }).ask("/x")).toMatchObject({ status: 200 });
  });

  it("writes nothing below the level of its logger, and asks nobody for it", async () => {
    let asked = 0;
    const { log, ask } = site({ fields: () => ({ asked: ++asked }) }, "error");
    await ask("/x");
    expect([log.raw.length, asked]).toEqual([0, 0]);
    await ask("/health");
    expect([log.raw.length, asked]).toEqual([1, 1]);
  });
});

describe("the logger of LoggerLayer", () => {
  it("may be one of pino, by itself or as an option, or the options of one", async () => {
    const lines: string[] = [];
    const destination = { write: (line: string) => lines.push(line) };
    const mine = pino({ base: { app: "mine" } }, destination);
    for (const options of [mine, { logger: mine }, { logger: { destination, name: "made" } }]) {
      const root = new Resource("/");
      root.addLayerTo(_requestReceiver(new LoggerLayer(options)));
      root.setHandlerFor(_get.to(() => "x"));
      await root.intoService().request("/");
    }
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { app: "mine" },
      { app: "mine" },
      { name: "made" },
    ]);
  });

  it.each([
    [
      "throws",
      () => {
        throw new Error("disk full");
      },
    ],
    ["rejects", () => Promise.reject(new Error("disk full"))],
  ])("changes nothing when it %s", async (_, write) => {
    const broken = {
      trace: write,
      debug: write,
      info: write,
      warn: write,
      error: write,
      fatal: write,
      child: () => broken,
    } as unknown as PinoLogger;
    const root = new Resource("/");
    root.addLayerTo(_requestReceiver(new LoggerLayer(broken)));
    root.setHandlerFor(_get.to(() => "x"));
    const { request } = root.intoService();
    expect(await (await request("/")).text()).toBe("x");
    expect((await request("/nowhere")).status).toBe(404);
  });

  it.each([
    [{ loger: {} }, /no option "loger"/],
    [console, /takes a logger of pino, not one without fatal, child: write pino\(/],
    [{ logger: console }, /takes a logger of pino, not one without fatal, child: write pino\(/],
    [{ logger: { levle: "info" } }, /no option "levle"/],
    [{ level: "info" }, /level of LoggerLayer is a function/],
    [{ fields: {} }, /fields of LoggerLayer is a function/],
    [{ ignore: ["health"] }, /begin with a slash/],
    [{ ignore: "/health" }, /ignore of LoggerLayer/],
    [{ query: "page" }, /query of LoggerLayer/],
    [{ query: [7] }, /query of LoggerLayer/],
    [{ headers: false }, /headers of LoggerLayer/],
    [{ responseHeaders: [""] }, /responseHeaders of LoggerLayer/],
    [{ userAgent: "yes" }, /userAgent of LoggerLayer/],
    [{ bytes: 1 }, /bytes of LoggerLayer/],
    [7, /an object of options/],
  ])("is refused, as other options are: %#", (options, message) => {
    expect(() => new LoggerLayer(options as never)).toThrow(message);
  });
});
