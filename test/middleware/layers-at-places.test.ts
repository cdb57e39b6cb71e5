import { deflateSync, gzipSync } from "node:zlib";
import {
  _get,
  _post,
  type Args,
  ExtensionKey,
  jsonBody,
  RedirectionLayer,
  type RequestContext,
  RequestExtensionsModifierLayer,
  RequestSignals,
  RequestSignalsLayer,
  ResponseError,
} from "argania";
import { RequestDecompressionLayer } from "argania/middleware";
import { describe, expect, test } from "vitest";
import { places } from "./layer-places.ts";

const body = jsonBody();
const echo = async (context: RequestContext, args: Args) =>
  body.extract(context, args) as Promise<Record<string, unknown>>;
const JSON_TYPE = { "content-type": "application/json" };
const TEXT = JSON.stringify({ text: "a".repeat(1_000) });

describe.each(Object.entries(places))("around the %s", (_, serviceOf) => {
  describe("RequestDecompressionLayer", () => {
    const service = serviceOf([new RequestDecompressionLayer()], echo, _post, { logger: { error() {} } });
    const send = (sent: Uint8Array | string, coding?: string) =>
      service.request("/a", {
        method: "POST",
        headers: coding === undefined ? JSON_TYPE : { ...JSON_TYPE, "content-encoding": coding },
        body: sent as string,
      });

    test.each([
      ["gzip", gzipSync(TEXT)],
      ["x-gzip", gzipSync(TEXT)],
      ["deflate", deflateSync(TEXT)],
      ["deflate, gzip", gzipSync(deflateSync(TEXT))],
      ["identity", TEXT],
      [undefined, TEXT],
    ])("decodes %s", async (coding, sent) => {
      const response = await send(sent, coding);
      expect([response.status, await response.text()]).toEqual([200, TEXT]);
    });

    test.each<[string, string, Uint8Array, number, string]>([
      ["what is corrupt", "gzip", Buffer.from(TEXT), 400, "ARGANIA_CONTENT_ENCODING"],
      ["what is cut short", "gzip", gzipSync(TEXT).subarray(0, -9), 400, "ARGANIA_CONTENT_ENCODING"],
      ["another coding", "rot13", gzipSync(TEXT), 415, "ARGANIA_UNSUPPORTED_MEDIA_TYPE"],
      ["three codings", "gzip, gzip, gzip", gzipSync(TEXT), 415, "ARGANIA_UNSUPPORTED_MEDIA_TYPE"],
      ["more than the limit", "gzip", gzipSync(`"${"a".repeat(4_000_000)}"`), 413, "ARGANIA_BODY_LIMIT"],
    ])("refuses %s", async (_, coding, sent, status, code) => {
      const response = await send(sent, coding);
      expect([response.status, await response.json()]).toMatchObject([status, { code }]);
      expect(response.headers.has("accept-encoding")).toBe(status === 415);
    });
  });

  describe("RedirectionLayer", () => {
    test("answers in place of the handler", async () => {
      let runs = 0;
      const serving = (layer: RedirectionLayer) =>
        serviceOf([layer], () => {
          runs++;
          return "x";
        });
      for (const [layer, status, location] of [
        [RedirectionLayer.permanentTo("/new"), 308, "/new"],
        [RedirectionLayer.temporaryTo("https://x.example/"), 307, "https://x.example/"],
        [RedirectionLayer.seeOther("?seen"), 303, "?seen"],
        [RedirectionLayer.permanentToPrefix("https://x.example/v2"), 308, "https://x.example/v2/a?b=%2F"],
        [RedirectionLayer.temporaryToPrefix("/v2"), 307, "/v2/a?b=%2F"],
        [RedirectionLayer.seeOtherToPrefix(""), 303, "/a?b=%2F"],
      ] as const) {
        for (const method of ["GET", "HEAD"]) {
          const response = await serving(layer).request("/%61?b=%2F", { method });
          expect([response.status, response.headers.get("location"), await response.text()]).toEqual([
            status,
            location,
            "",
          ]);
        }
      }
      expect(runs).toBe(0);
    });

    test("answers at once", () => {
      const service = serviceOf([RedirectionLayer.permanentTo("/new")], async () => "x");
      expect(service.fetch(new Request("http://localhost/a"))).toBeInstanceOf(Response);
    });
  });

  describe("RequestExtensionsModifierLayer", () => {
    const key = new ExtensionKey<string[]>("names");
    const adding = (name: string, later: boolean) =>
      new RequestExtensionsModifierLayer((extensions, { path }) => {
        const add = () => void extensions.set(key, [...(extensions.get(key) ?? []), `${name} ${path}`]);
        return later ? Promise.resolve().then(add) : add();
      });

    test.each([false, true])("runs before the handler, the outer one first (later: %s)", async (later) => {
      const service = serviceOf([adding("outer", later), adding("inner", later)], ({ extensions }) =>
        extensions.getOrThrow(key),
      );
      for (let turn = 0; turn < 2; turn++) {
        expect(await (await service.request("/a")).json()).toEqual(["outer /a", "inner /a"]);
      }
    });

    test.each([false, true])("keeps the handler from running when it throws (later: %s)", async (later) => {
      let runs = 0;
      const refusing = new RequestExtensionsModifierLayer(() => {
        const error = new ResponseError(403);
        if (later) {
          return Promise.reject(error);
        }
        throw error;
      });
      const service = serviceOf([refusing], () => {
        runs++;
        return "x";
      });
      expect([(await service.request("/a")).status, runs]).toEqual([403, 0]);
    });

    test("makes no promise of its own", () => {
      const service = serviceOf([adding("one", false)], ({ extensions }) => extensions.getOrThrow(key));
      expect(service.fetch(new Request("http://localhost/a"))).toBeInstanceOf(Response);
    });
  });

  describe("RequestSignalsLayer", () => {
    test("tells of what happens inside of it", async () => {
      const signals = new RequestSignals();
      const events: unknown[] = [];
      signals.requestStarted.connect(({ path }) => void events.push(["started", path]));
      signals.requestException.connect(({ status }) => void events.push(["exception", status]));
      signals.requestFinished.connect(({ status }) => void events.push(["finished", status]));
      let status = 200;
      const handler = () => {
        if (status >= 400) {
          throw new ResponseError(status);
        }
        return "x";
      };
      const layers = [new RequestSignalsLayer(signals)];
      const service = serviceOf(layers, handler, _get, { logger: { error() {} } });
      for (status of [200, 418, 503]) {
        expect((await service.request("/a")).status).toBe(status);
      }
      expect(events).toEqual([
        ["started", "/a"],
        ["finished", 200],
        ["started", "/a"],
        ["finished", 418],
        ["started", "/a"],
        ["exception", 503],
        ["finished", 503],
      ]);
    });
  });
});
