import { App, loadConfig } from "argania/app";
import { describe, expect, test } from "vitest";

const load = (server: unknown, env: Record<string, string> = {}) =>
  loadConfig({ files: false, env, defaults: { server } });

describe("the section server", () => {
  test.each([
    [{ address: "s3cr3t value!" }, "server.address"],
    [{ address: ["127.0.0.1:80", "https://user:s3cr3t@db/x"] }, "server.address"],
    [{ address: "s3cr3t.example:99999" }, "server.address"],
    [{ address: { host: "s3cr3t" } }, "server.address"],
    [{ trustedProxies: { peers: ["10.0.0.1"], header: "s3cr3t-header" } }, "server.trustedProxies"],
  ])("says what is wrong with %j without the values", async (server, path) => {
    const error: unknown = await load(server).then(
      () => expect.unreachable("it was accepted"),
      (thrown) => thrown,
    );
    expect(error).toMatchObject({ code: "ARGANIA_CONFIG", issues: [{ path }] });
    expect((error as Error).message).not.toContain("s3cr");
    const app = () => new App({ config: { server: server as never }, routes: () => {} });
    expect(app).toThrow(/does not hold/);
    expect(app).not.toThrow(/s3cr/);
  });

  test("holds what a server takes", async () => {
    const server = {
      host: "0.0.0.0",
      port: 0,
      workers: "auto",
      http2: true,
      tls: { certFile: "a", keyFile: "b", minVersion: "TLSv1.3", requestCert: true },
      limits: { headersTimeout: 1, maxConnections: 0 },
      shutdown: { grace: 1, cleanUp: 2 },
      unhandledRejections: "crash",
      trustedProxies: { peers: ["10.0.0.0/8"], header: "x-forwarded" },
      bodyMemoryLimit: 1,
      asyncContext: true,
      middlewares: { a: true, b: false, c: { enable: false, x: 1 }, d: {} },
    };
    expect((await load(server)).server).toEqual(server);
  });

  test("takes texts, as variables are", async () => {
    const env = {
      ARGANIA__SERVER__PORT: "3000",
      ARGANIA__SERVER__WORKERS: "2",
      ARGANIA__SERVER__HTTP2: "true",
      ARGANIA__SERVER__LIMITS__HEADERS_TIMEOUT: "5",
      ARGANIA__SERVER__SHUTDOWN: "false",
      ARGANIA__SERVER__TLS__CERT_FILE: "1234",
      ARGANIA__SERVER__MIDDLEWARES__REQUEST_ID: "true",
      ARGANIA__SERVER__MIDDLEWARES__CORS__ENABLE: "false",
      ARGANIA__SERVER__MIDDLEWARES__GZIP: "false",
    };
    expect((await load({}, env)).server).toEqual({
      port: 3_000,
      workers: 2,
      http2: true,
      limits: { headersTimeout: 5 },
      shutdown: false,
      tls: { certFile: "1234" },
      middlewares: { requestId: true, cors: { enable: false }, gzip: false },
    });
    expect((await load({}, { ARGANIA__SERVER__WORKERS: "auto" })).server.workers).toBe("auto");
    expect((await load({}, { ARGANIA__SERVER__ADDRESS: ":80" })).server.address).toBe(":80");
  });

  test.each([
    [{ port: "80a" }, "server.port", /whole number from 0 to 65535/],
    [{ port: 70_000 }, "server.port", /whole number/],
    [{ port: -1 }, "server.port", /whole number/],
    [{ port: null }, "server.port", /whole number/],
    [{ host: "" }, "server.host", /a text/],
    [{ host: 7 }, "server.host", /not a number/],
    [{ address: "x" }, "server.address", /Malformed address/],
    [{ address: [] }, "server.address", /No address/],
    [{ workers: "many" }, "server.workers", /"auto"/],
    [{ http2: "yes" }, "server.http2", /true or false/],
    [{ tls: { cert: "x" } }, "server.tls.cert", /There are: certFile, /],
    [{ tls: { minVersion: "TLSv1" } }, "server.tls.minVersion", /"TLSv1.2" or "TLSv1.3"/],
    [{ limits: { maxHeaders: 1 } }, "server.limits.maxHeaders", /no such option/],
    [{ limits: { maxHeaderSize: 1.5 } }, "server.limits.maxHeaderSize", /whole number/],
    [{ shutdown: true }, "server.shutdown", /an object, or false/],
    [{ shutdown: { grace: -1 } }, "server.shutdown", /an object, or false/],
    [{ unhandledRejections: "ignore" }, "server.unhandledRejections", /"log" or "crash"/],
    [{ trustedProxies: true }, "server.trustedProxies", /peers/],
    [{ trustedProxies: { peers: "x" } }, "server.trustedProxies", /an array of addresses/],
    [{ trustedProxies: { peers: ["private"] } }, "server.trustedProxies", /range of IP addresses/],
    [{ bodyMemoryLimit: 0 }, "server.bodyMemoryLimit", /from 1/],
    [{ asyncContext: "on" }, "server.asyncContext", /true or false/],
    [{ middlewares: ["cors"] }, "server.middlewares", /a member for each layer/],
    [{ middlewares: { cors: null } }, "server.middlewares.cors", /true, false or an object/],
    [{ middlewares: { cors: { enable: "on" } } }, "server.middlewares.cors.enable", /true or false/],
    [{ prot: 80 }, "server.prot", /There are: host, port/],
    [{ constructor2: 80 }, "server.constructor2", /no such option/],
    [[], "server", /an object/],
  ])("refuses %j", async (server, path, message) => {
    const error = await load(server).then(
      () => expect.unreachable(),
      (thrown) => thrown,
    );
    expect(error.code).toBe("ARGANIA_CONFIG");
    expect(error.issues).toEqual([{ path, message: expect.stringMatching(message), source: "defaults" }]);
  });
});
