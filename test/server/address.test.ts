import { createServer, type Server as NetServer } from "node:net";
import {
  _get,
  type Address,
  AddressError,
  type Logger,
  Resource,
  ServeError,
  Server,
  ServerOptionError,
} from "argania";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { MemoryLogger, testTls } from "./serve.ts";

const service = new Resource("/").setHandlerFor(_get.to(() => "root")).intoService();
const taken: NetServer[] = [];

function take(): Promise<number> {
  const server = createServer();
  taken.push(server);
  return new Promise((resolve) =>
    server.listen(0, "127.0.0.1", () => resolve((server.address() as { port: number }).port)),
  );
}

afterEach(() => {
  for (const server of taken.splice(0)) {
    server.close();
  }
});

describe("addresses", () => {
  test.each<[Address, string, string]>([
    ["127.0.0.1:0", "127.0.0.1", "http://127.0.0.1:"],
    ["localhost:0", "127.0.0.1|::1", "http://(127.0.0.1|\\[::1\\]):"],
    ["[::1]:0", "::1", "http://\\[::1\\]:"],
    [":0", "::|0.0.0.0", "http://localhost:"],
    ["0.0.0.0:0", "0.0.0.0", "http://localhost:"],
    [0, "::|0.0.0.0", "http://localhost:"],
    [{ host: "127.0.0.1", port: 0 }, "127.0.0.1", "http://127.0.0.1:"],
    [{ host: "[::1]", port: 0 }, "::1", "http://\\[::1\\]:"],
    [{ port: 0 }, "::|0.0.0.0", "http://localhost:"],
  ])("%j is bound", async (address, host, url) => {
    const handle = await new Server().serve(service, address);
    expect(handle.address.host).toMatch(new RegExp(`^(${host})$`));
    expect(handle.address.family).toBe(handle.address.host.includes(":") ? "IPv6" : "IPv4");
    expect(handle.address.port).toBeGreaterThan(0);
    expect(handle.url).toMatch(new RegExp(`^${url}${handle.address.port}$`));
    expect(Object.isFrozen(handle) && Object.isFrozen(handle.address)).toBe(true);
    expect(await (await fetch(handle.url)).text()).toBe("root");
    await handle.close();
  });

  test.each<[unknown, RegExp]>([
    ["8080", /":8080" for every interface or "127\.0\.0\.1:8080"/],
    ["::1:8080", /"\[::1\]:8080"/],
    ["http://localhost:8080", /no URL.*"127\.0\.0\.1:8080"/],
    ["localhost", /"host:port"/],
    ["", /"host:port"/],
    ["local host:80", /"host:port"/],
    ["127.0.0.1:", /"host:port"/],
    ["127.0.0.1:65536", /0 \(any free port\) to 65535/],
    [65_536, /to 65535/],
    [-1, /to 65535/],
    [80.5, /to 65535/],
    [Number.NaN, /to 65535/],
    [{ port: "80" }, /to 65535/],
    [{ host: "", port: 80 }, /Leave the host out/],
    [{ host: 5, port: 80 }, /Leave the host out/],
    [null, /Write "127\.0\.0\.1:8080"/],
    [undefined, /Malformed address undefined/],
    [Number.NaN, /Malformed address NaN\. .* NaN what Number\(…\) makes of a text that is none/],
    [{ host: "::1", port: Number.NaN }, /Malformed address \{"host":"::1","port":NaN\}/],
    [[], /No address/],
  ])("%j is refused", async (address, message) => {
    const serving = new Server().serve(service, address as Address);
    await expect(serving).rejects.toThrow(message);
    await expect(serving).rejects.toBeInstanceOf(AddressError);
    await expect(serving).rejects.toMatchObject({ code: "ARGANIA_ADDRESS" });
  });

  test("the first that can be bound wins", async () => {
    const port = await take();
    const handle = await new Server().serve(service, [`127.0.0.1:${port}`, "127.0.0.1:0"]);
    expect(handle.address.port).not.toBe(port);
    expect(await (await fetch(handle.url)).text()).toBe("root");
    await handle.close();
  });

  test.each([false, true])(
    "when none can be bound, each is named with its reason (HTTP/2: %j)",
    async (isHttp2) => {
      const ports = [await take(), await take()];
      const server = isHttp2 ? new Server().withHttp2() : new Server();
      const error = await server
        .serve(
          service,
          ports.map((port) => `127.0.0.1:${port}`),
        )
        .catch((err: unknown) => err);
      expect(error).toBeInstanceOf(ServeError);
      expect(error).toMatchObject({
        code: "ARGANIA_SERVE",
        failures: [{ reason: { code: "EADDRINUSE" } }, {}],
      });
      for (const port of ports) {
        expect((error as Error).message).toMatch(new RegExp(`127\\.0\\.0\\.1:${port}: .*EADDRINUSE`));
      }
    },
  );
});

describe("options", () => {
  test.each<[Record<string, unknown>, RegExp]>([
    [{ headersTimeout: -1 }, /headersTimeout must be an integer/],
    [{ requestTimeout: 1.5 }, /requestTimeout/],
    [{ keepAliveTimeout: 2 ** 31 }, /2147483647/],
    [{ maxHeaderSize: "16k" }, /maxHeaderSize/],
    [{ toString: 5 }, /There is no limit "toString"/],
    [JSON.parse('{"__proto__": 5}'), /There is no limit "__proto__"/],
    [{ timeout: 5 }, /There is no limit "timeout"\. The limits are headersTimeout, /],
  ])("%j is refused", (limits, message) => {
    const act = () => new Server().withLimits(limits);
    expect(act).toThrow(ServerOptionError);
    expect(act).toThrow(message);
  });

  test("a grace period must be milliseconds", () => {
    expect(() => new Server().withGracefulShutdown(Number.POSITIVE_INFINITY)).toThrow(ServerOptionError);
  });

  test.each([undefined, null, 5])("%j is no limits, and that is said", (limits) => {
    const act = () => new Server().withLimits(limits as unknown as object);
    expect(act).toThrow(ServerOptionError);
    expect(act).toThrow(/withLimits\(\{ maxConnections: 1_000 \}\)/);
  });

  test.each([undefined, null, {}, { error: "console" }, console.error])("%j is no logger", (logger) => {
    const act = () => new Server().withLogger(logger as unknown as Logger);
    expect(act).toThrow(ServerOptionError);
    expect(act).toThrow(/error\(details, message\)/);
  });

  test("limits that are left undefined stay as they are", () => {
    expect(() => new Server().withLimits({ headersTimeout: undefined } as object)).not.toThrow();
  });

  test("TLS options that do not hold are refused when it serves", async () => {
    const serving = new Server().withTls({ ...testTls(), cert: "/etc/cert.pem" }).serve(service, 0);
    await expect(serving).rejects.toMatchObject({ code: "ARGANIA_SERVER_OPTION" });
    await expect(serving).rejects.toThrow(/not their paths/);
  });

  test("a server that does not begin to serve leaves no timer", async () => {
    const made = vi.spyOn(globalThis, "setInterval");
    const cleared = vi.spyOn(globalThis, "clearInterval");
    onTestFinished(() => void vi.restoreAllMocks());
    const server = new Server().withHttp2().withTls({ ...testTls(), cert: "/etc/cert.pem" });
    await expect(server.serve(service, 0)).rejects.toThrow(ServerOptionError);
    const taken = await new Server().serve(service, "127.0.0.1:0");
    const second = new Server().withHttp2().serve(service, `127.0.0.1:${taken.address.port}`);
    await expect(second).rejects.toThrow(ServeError);
    await taken.close();
    const isCleared = (timer: unknown) => cleared.mock.calls.some(([one]) => one === timer);
    expect(made.mock.results.filter(({ value }) => !isCleared(value))).toEqual([]);
  });

  test("close() is idempotent and leaves no listeners", async () => {
    const before = ["SIGTERM", "SIGINT", "unhandledRejection"].map((name) => process.listenerCount(name));
    const server = new Server().withGracefulShutdown().withLogger(new MemoryLogger());
    const [first, second] = [
      await server.serve(service, "127.0.0.1:0"),
      await server.serve(service, "127.0.0.1:0"),
    ];
    const during = ["SIGTERM", "SIGINT", "unhandledRejection"].map((name) => process.listenerCount(name));
    expect(during).toEqual(before.map((count) => count + 1));
    const { close } = first;
    await Promise.all([close(), close(), first.closed]);
    await second.close();
    await second.close();
    expect(["SIGTERM", "SIGINT", "unhandledRejection"].map((name) => process.listenerCount(name))).toEqual(
      before,
    );
  });
});
