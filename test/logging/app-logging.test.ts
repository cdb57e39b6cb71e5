import { _get, Resource } from "argania";
import { App, standardMiddlewares } from "argania/app";
import { LoggerLayer, serviceLogger } from "argania/logger";
import { expect, test } from "vitest";
import { capture } from "./capture.ts";

/** The recipe of docs/logging.md. */
function appWith(logger: ReturnType<typeof capture>["logger"]) {
  const { remoteIp, requestId, ...others } = standardMiddlewares;
  return new App({
    logger: serviceLogger(logger),
    middlewares: { remoteIp, requestId, logger: () => new LoggerLayer({ logger }), ...others },
    config: {
      server: {
        middlewares: {
          requestId: true,
          logger: true,
          ipFilter: { deny: ["192.0.2.0/24"] },
          cors: { origins: ["https://app.example.com"] },
          csrf: true,
        },
      },
    },
    routes: () =>
      new Resource("/").setHandlerFor(
        _get.to(() => {
          throw new Error("boom");
        }),
      ),
  });
}

test.each([
  [
    "a preflight",
    204,
    {
      method: "OPTIONS",
      headers: { origin: "https://app.example.com", "access-control-request-method": "POST" },
    },
  ],
  [
    "a refusal of CsrfLayer",
    403,
    { method: "POST", headers: { origin: "https://evil.example", "sec-fetch-site": "cross-site" } },
  ],
  ["a refusal of IpFilterLayer", 403, { remoteAddress: "192.0.2.7" }],
  ["a failure", 500, {}],
])("in an app, %s is one line", async (_, status, init) => {
  const log = capture();
  const app = appWith(log.logger);
  const response = await (await app.service()).request("/", init);
  expect(response.status).toBe(status);
  await response.text();
  expect(await log.line()).toMatchObject({ status, requestId: response.headers.get("x-request-id") });
  await app.close();
  expect(log.lines()).toHaveLength(1);
});
