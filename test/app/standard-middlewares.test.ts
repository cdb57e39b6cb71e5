import { App, standardMiddlewares } from "argania/app";
import { describe, expect, test } from "vitest";
import { failureOf, hello } from "./apps.ts";

const OPTIONS = {
  remoteIp: { provider: "cloudflare", peers: ["10.0.0.0/8"] },
  requestId: {},
  securityHeaders: {},
  cors: { origins: ["https://app.example.com"] },
  ipFilter: { deny: ["192.0.2.0/24"] },
  csrf: {},
  timeout: { ms: 5_000, status: 504 },
  compression: { threshold: 0 },
  conditionalRequests: {},
  requestDecompression: {},
};

function appWith(middlewares: Record<string, unknown>): App {
  return new App({
    middlewares: standardMiddlewares,
    config: { server: { middlewares: middlewares as never } },
    routes: (router) => router.addResource(hello()),
  });
}

describe("standardMiddlewares", () => {
  test("has a name for each layer that only takes options", () => {
    expect(Object.keys(standardMiddlewares)).toEqual(Object.keys(OPTIONS));
  });

  test("work together when a configuration switches them on", async () => {
    const app = appWith(OPTIONS);
    const service = await app.service();
    const response = await service.request("/", {
      remoteAddress: "10.0.0.1",
      headers: {
        origin: "https://app.example.com",
        "accept-encoding": "gzip",
        "cf-connecting-ip": "203.0.113.9",
      },
    });
    expect(response.status).toBe(200);
    expect(response.headers.get("x-request-id")).toMatch(/^\S+$/);
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    expect(response.headers.get("access-control-allow-origin")).toBe("https://app.example.com");
    expect(response.headers.get("content-encoding")).toBe("gzip");
    expect(response.headers.get("etag")).toMatch(/^W\//);
    const again = await service.request("/", {
      headers: { "accept-encoding": "gzip", "if-none-match": response.headers.get("etag") ?? "" },
      remoteAddress: "203.0.113.9",
    });
    expect(again.status).toBe(304);
    const refused = await service.request("/", {
      remoteAddress: "10.0.0.1",
      headers: { "cf-connecting-ip": "192.0.2.7", origin: "https://app.example.com" },
    });
    expect(refused.status).toBe(403);
    expect(refused.headers.get("x-content-type-options")).toBe("nosniff");
    expect(refused.headers.get("access-control-allow-origin")).toBe("https://app.example.com");
    expect(refused.headers.get("x-request-id")).toMatch(/^\S+$/);
    await app.close();
  });

  test("say which one has wrong options", async () => {
    for (const [timeout, message] of [
      [{}, 'takes "ms", milliseconds, not undefined: write { ms: 5000 }.'],
      [true, 'takes "ms", milliseconds, not undefined: write { ms: 5000 }.'],
      [{ ms: "5s" }, 'takes "ms", milliseconds, not a string'],
      [{ seconds: 1 }, 'has no option "seconds". There are: ms, status.'],
      [{ ms: 5_000, extra: 1 }, 'has no option "extra". There are: ms, status.'],
      [{ ms: 0 }, "a whole number from 1"],
    ] as const) {
      expect(await failureOf(appWith({ timeout }).service())).toMatchObject({
        code: "ARGANIA_MIDDLEWARE_CONFIG",
        message: expect.stringContaining(message),
      });
    }
    expect(await failureOf(appWith({ cors: { origin: "*" } }).service())).toMatchObject({
      code: "ARGANIA_MIDDLEWARE_CONFIG",
    });
  });
});
