import { _get, _requestReceiver, _wildcardMethod, around, jsonBody, Resource } from "argania";
import { fetchHandler } from "argania/fetch";
import { describe, expect, test } from "vitest";
import { site } from "../testing/app.ts";
import { type Answer, mounted } from "./mounted.ts";

const urlOf: Answer = ({ url, method }) => new Response(`${method} ${url}`);

describe("the request", () => {
  test("keeps its path, or what is below the resource", async () => {
    const paths = ["/x", "/x/", "/x/a/b%2Fc?q=1&r=%20", "/x/%61", "/x/ö", "/%78/y/?"];
    const keep = mounted(urlOf).at;
    const strip = mounted(urlOf, { prefix: "strip" }).at;
    const seen = await Promise.all(
      paths.map(async (path) => [await keep.post(path).text(), await strip.post(path).text()]),
    );
    const at = "POST http://localhost";
    expect(seen).toEqual([
      [`${at}/x`, `${at}/`],
      [`${at}/x/`, `${at}/`],
      [`${at}/x/a/b%2Fc?q=1&r=%20`, `${at}/a/b%2Fc?q=1&r=%20`],
      [`${at}/x/a`, `${at}/a`],
      [`${at}/x/%C3%B6`, `${at}/%C3%B6`],
      [`${at}/x/y/?`, `${at}/y/?`],
    ]);
  });

  test("never has an empty segment, or one that leads elsewhere", async () => {
    for (const options of [{ prefix: "keep" }, { prefix: "strip" }] as const) {
      const { at } = mounted(urlOf, options);
      for (const path of ["/x//evil.example/a", "/x//", "/x/a//b", "/x/..", "/x/%2e%2e/y", "/x/\\y"]) {
        expect([path, (await at.get(path)).status >= 400]).toEqual([path, true]);
      }
    }
  });

  test("has the scheme and host of the client, as trusted proxies tell them, and the mount path", async () => {
    const trustedProxies = { peers: ["loopback"] };
    const headers = {
      "x-forwarded-proto": "https",
      "x-forwarded-host": "shop.example",
      "x-forwarded-for": "192.0.2.1",
    };
    const { at } = mounted(urlOf, {}, { trustedProxies, mountPath: "/outer" });
    expect(await at.get("/x/a", { headers }).text()).toBe("GET https://shop.example/outer/x/a");
    const stripped = mounted(urlOf, { prefix: "strip" }, { trustedProxies }).at;
    expect(await stripped.get("/x/a?b", { headers }).text()).toBe("GET https://shop.example/a?b");
  });

  test("has the headers and the body, once", async () => {
    const { at } = mounted(async (request) => {
      const copy = request.clone();
      return Response.json([request.headers.get("x-a"), await request.json(), await copy.text()]);
    });
    expect(await at.post("/x", { json: { b: 1 }, headers: { "x-a": "1" } }).json()).toEqual([
      "1",
      { b: 1 },
      '{"b":1}',
    ]);
  });

  test("methods that no web Request has are 405, and no failures in the log", async () => {
    const { at, errors } = mounted(urlOf);
    for (const method of ["CONNECT", "TRACE", "track", "Get", "pOst"]) {
      const { status } = await at.request(method, "/x");
      expect([method, status]).toEqual([method, /^(?:get|post)$/i.test(method) ? 200 : 405]);
    }
    expect((await at.request("TRACE", "/x")).headers.get("allow")).toContain("GET, HEAD, POST");
    expect(errors).toEqual([]);
    expect(await at.request("LOCK", "/x").text()).toMatch(/^LOCK /);
    expect(await at.request("patch", "/x").text()).toMatch(/^patch /);
  });

  test("a body that something in front has read is an error that says so", async () => {
    for (const prefix of ["keep", "strip"] as const) {
      const readers = [
        around(async (context, next) => {
          await context.request.text();
          return next();
        }),
        around(async (context, next) => {
          await jsonBody.extract(context, {} as never);
          return next();
        }),
        around(async ({ body }, next) => {
          body?.getReader();
          return next();
        }),
      ];
      for (const reader of readers) {
        const { client, errors } = site((root) => {
          root.subresource("/x ?*").setHandlerFor(_wildcardMethod.to(fetchHandler(urlOf, { prefix })));
          root.addLayerTo(_requestReceiver(reader));
        });
        const at = client();
        await at.post("/x", { json: {} }).expectStatus(500);
        expect(errors.map(({ err }) => (err as { code: string }).code)).toEqual([
          "ARGANIA_BODY_ALREADY_READ",
        ]);
      }
    }
  });

  test("env is what the runtime passes, or what the options say", async () => {
    const envOf: Answer = (_, env) => Response.json(env ?? null);
    const runtime = mounted(envOf).service;
    expect(await (await runtime.fetch(new Request("http://x/x"), { KV: 1 })).json()).toEqual({ KV: 1 });
    expect(await mounted(envOf).at.get("/x").json()).toBeNull();
    expect(
      await mounted(envOf, { env: { DB: 2 } })
        .at.get("/x")
        .json(),
    ).toEqual({ DB: 2 });
    const made = mounted(envOf, { env: ({ path }, args) => ({ path, args }) });
    expect(await made.at.get("/x/y").json()).toEqual({ path: "/x/y", args: {} });
  });

  test("the execution context waits for promises, and reports their failures", async () => {
    const waited: Promise<unknown>[] = [];
    const { service, errors } = site((root) => {
      const app = fetchHandler((_request, _env, execution) => {
        execution.passThroughOnException();
        execution.waitUntil(Promise.reject(new Error("afterwards")));
        return Response.json(execution.props);
      });
      root.subresource("/x").setHandlerFor(_get.to(app));
    });
    const execution = { waitUntil: (promise: Promise<unknown>) => void waited.push(promise) };
    expect(await (await service.fetch(new Request("http://x/x"), {}, execution)).json()).toEqual({});
    await Promise.all(waited);
    expect(errors.map(({ err }) => (err as Error).message)).toEqual(["afterwards"]);
  });
});

test("what cannot be meant is refused", () => {
  expect(() => fetchHandler({} as never)).toThrow("takes an app with a fetch method or a function");
  expect(() => fetchHandler(null as never)).toThrow("not null");
  expect(() => fetchHandler(urlOf, { strip: true } as never)).toThrow('no option "strip"');
  expect(() => fetchHandler(urlOf, { prefix: "cut" } as never)).toThrow('"keep" or "strip", not "cut"');
  expect(() => fetchHandler(urlOf, { head: 1 } as never)).toThrow('"keep" or "get", not a number');
  expect(() => fetchHandler(urlOf, { fallThrough: 404 } as never)).toThrow("fallThrough of fetchHandler");
  expect(() => new Resource("/").intoService({ mountPath: "api" })).toThrow("mountPath is a path");
  expect(() => new Resource("/").intoService({ mountPath: "/a/.." })).toThrow("mountPath is a path");
  expect(() => new Resource("/").intoService({ mountPath: "/api/" })).toThrow("mountPath is a path");
});
