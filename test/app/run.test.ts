import { readFileSync } from "node:fs";
import { get } from "node:https";
import { _get, Server } from "argania";
import { ConfigError } from "argania/app";
import { expect, test } from "vitest";
import { appOf, boom, failureOf, noting } from "./apps.ts";
import { folderWith } from "./config-folder.ts";

const tls = new URL("../fixtures/tls/", import.meta.url);

test("an app runs, and closing its handle closes all of it", async () => {
  const log: string[] = [];
  const app = appOf([noting("one", log)]);
  const handle = await app.run();
  expect(await (await fetch(handle.url)).text()).toBe("hello");
  expect(handle.worker).toBe(null);
  expect(handle.closed).toBe(app.closed);
  const { close } = handle;
  await close();
  expect(log).toEqual(["one beforeRun", "one afterRoutes", "one onShutdown"]);
  await expect(fetch(handle.url)).rejects.toThrow();
});

test("an app runs where it is told, once, with the service that it has", async () => {
  const log: string[] = [];
  const app = appOf([noting("one", log)], { config: { server: { port: 1, address: ["127.0.0.1:2"] } } });
  const service = await app.service();
  const { url, close } = await app.run("127.0.0.1:0");
  expect(await (await fetch(url)).text()).toBe(await (await service.request("/")).text());
  expect((await failureOf(app.run())).code).toBe("ARGANIA_APP_STATE");
  expect(log).toEqual(["one beforeRun", "one afterRoutes"]);
  await close();
});

test("a server that cannot be made while something boots: what has been opened by then is closed", async () => {
  const log: string[] = [];
  const slow = noting("slow", log, { beforeRun: () => new Promise((resolve) => setTimeout(resolve, 20)) });
  const app = appOf([slow], { config: { server: { tls: { certFile: "/nowhere/cert.pem" } } } });
  const booted = failureOf(app.service());
  expect((await failureOf(app.run())).code).toBe("ARGANIA_CONFIG");
  expect(log).toEqual(["slow beforeRun", "slow onShutdown"]);
  expect((await booted).code).toBe("ARGANIA_APP_STATE");
});

test("an address that is taken: what was opened is closed", async () => {
  const first = await appOf([]).run();
  const log: string[] = [];
  const error = await failureOf(appOf([noting("one", log)]).run(`127.0.0.1:${first.address.port}`));
  expect(error.code).toBe("ARGANIA_SERVE");
  expect(log.at(-1)).toBe("one onShutdown");
  await first.close();
});

test("a server with what a configuration cannot say is used, under what it says", async () => {
  const read = (name: string) => readFileSync(new URL(name, tls));
  const server = new Server()
    .withTls({ cert: read("cert.pem"), key: read("key.pem") })
    .withLimits({ maxHeadersCount: 5 });
  const app = appOf([], {
    server,
    config: {
      server: {
        port: 0,
        http2: true,
        limits: { maxConnections: 9 },
        workers: 0,
        unhandledRejections: "crash",
      },
    },
  });
  const { url, close } = await app.run();
  expect(url).toMatch(/^https:/);
  await close();
});

test("TLS comes from files", async () => {
  const file = (name: string) => new URL(name, tls).pathname;
  const app = appOf([], {
    config: { server: { port: 0, tls: { certFile: file("cert.pem"), keyFile: file("key.pem") } } },
  });
  const { url, close } = await app.run();
  const status = await new Promise((resolve, reject) => {
    get(url, { rejectUnauthorized: false, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on("error", reject);
  });
  expect(status).toBe(200);
  await close();
});

test("TLS files that are not there are named, before anything is opened", async () => {
  const certFile = `${folderWith({})}/none.pem`;
  const log: string[] = [];
  const app = appOf([noting("one", log)], { config: { server: { tls: { certFile } } } });
  const error = (await failureOf(app.run())) as unknown as ConfigError;
  expect(error).toBeInstanceOf(ConfigError);
  expect(error.message).toContain(`server.tls.certFile (${certFile}): the file cannot be read (ENOENT)`);
  expect(log).toEqual([]);
});

test("no listener for signals is left behind, whatever happens", async () => {
  const before = process.listenerCount("SIGTERM");
  const counts: number[] = [];
  const count = () => {
    counts.push(process.listenerCount("SIGTERM") - before);
  };
  const app = appOf([{ name: "count", beforeRun: count, onShutdown: count }]);
  const { close } = await app.run();
  count();
  await close();
  // A signal must not break off what opens or closes.
  expect(counts).toEqual([1, 1, 1]);
  await failureOf(appOf([{ name: "x", beforeRun: boom }]).run());
  await failureOf(app.run());
  expect(process.listenerCount("SIGTERM")).toBe(before);
});

test("proxies and memory for bodies are the service's", async () => {
  const app = appOf([], {
    config: {
      server: { trustedProxies: { peers: ["loopback"], header: "x-forwarded" }, bodyMemoryLimit: 1_000 },
    },
    routes: (router) => {
      router.resource("/").setHandlerFor(_get.to(({ peerAddress }) => peerAddress));
    },
  });
  const init = { remoteAddress: "127.0.0.1", headers: { "x-forwarded-for": "203.0.113.9" } };
  expect(await (await (await app.service()).request("/", init)).text()).toBe("203.0.113.9");
  await app.close();
});
