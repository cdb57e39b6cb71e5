import { _get, _requestReceiver, around, Resource, ResponseError, Server } from "argania";
import { CorsLayer } from "argania/middleware";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkAnswer } from "./check-answer.ts";
import { type HostileCase, hostileCases } from "./hostile-case.ts";
import { request } from "./requests.ts";
import { type RunningApp, startApp } from "./start-app.ts";

let app: RunningApp;

beforeAll(async () => {
  app = await startApp();
});

afterAll(() => app.close());

const [R33] = hostileCases(["caching"]).filter(({ id }) => id === "R33") as [HostileCase];

/** What gives a copy a lifetime, or lets a cache guess one (RFC 9111 §4.2.1 and §4.2.2). */
const LIFETIMES = ["cache-control", "expires", "pragma", "age", "last-modified", "etag", "surrogate-control"];

describe("a slash redirect", () => {
  test(`R33: ${R33.title}`, async () => {
    expect(R33.raw).toContain("GET /slash HTTP/1.1\r\n");
    await checkAnswer(app, R33.raw as string, R33.expect);
  });

  test.each(["GET", "HEAD", "POST", "OPTIONS", "QUERY"])(
    "of %s leads to the handled path and has no lifetime at all",
    async (method) => {
      const headers = ["Cache-Control: max-age=9", "Cookie: a=b", "Authorization: Bearer ok"];
      await checkAnswer(app, request("/slash?x=1", headers, method), {
        status: [308],
        header: { location: "^/slash/\\?x=1$", "content-length": "^0$" },
        headerAbsent: LIFETIMES,
        alive: true,
      });
    },
  );

  test("is what layers make of it, and tells nothing of what a guard hides", async () => {
    const root = new Resource("/").setHandlerFor(_get.to(() => "root"));
    const guard = around((context, next) => {
      if (context.header("authorization") === undefined) {
        throw new ResponseError(401);
      }
      return next();
    });
    root.addLayerTo(_requestReceiver(new CorsLayer({ origins: ["https://good.example"] })));
    const inner = root.subresource("/slash/").setHandlerFor(_get.to(() => "slash"));
    inner.addLayerTo(_requestReceiver(guard));
    const { address, close } = await new Server().serve(root.intoService(), "127.0.0.1:0");
    const target = { host: address.host, port: address.port };
    const origin = "Origin: https://good.example";
    await checkAnswer(target, request("/slash", [origin]), {
      status: [401],
      headerAbsent: ["location"],
    });
    await checkAnswer(target, request("/slash", [origin, "Authorization: x"]), {
      status: [308],
      header: { location: "^/slash/$", vary: "Origin", "access-control-allow-origin": "good" },
      headerAbsent: LIFETIMES,
      alive: true,
    });
    await close();
  });
});
