import {
  _mistargetedRequestHandler,
  around,
  ErrorHandlerLayer,
  type Handler,
  type IntoResponse,
  type Layer,
  respond,
  type Service,
} from "argania";
import { describe, expect, test } from "vitest";
import { places, tree } from "./layer-places.ts";

const results: Record<string, () => IntoResponse> = {
  text: () => "made",
  json: () => ({ made: true }),
  status: () => 204,
  nothing: () => null,
  "a platform response": () => new Response("made"),
  "a response": () => respond(201, "made"),
};
const passOn = around((_, next) => next());
const passOnLater = around(async (_, next) => await next());

describe.each(Object.keys(places))("layers around the %s", (place) => {
  const serviceOf = places[place] as (layers: Layer[], handler: Handler) => Service;

  test.each(Object.entries(results))(
    "see a response of %s that a layer inside has promised",
    async (_, make) => {
      const seen: unknown[] = [];
      const look = around(async (_, next) => {
        const response = await next();
        seen.push(response instanceof Response, response.headers.has("x-inner"));
        response.headers.set("x-outer", "1");
        return response;
      });
      const promising = around(async () => make());
      const service = serviceOf([look, promising], () => "not asked");
      const response = await service.request("/a");
      expect(seen).toEqual([true, false]);
      expect(response.headers.get("x-outer")).toBe("1");
    },
  );

  test.each([1, 2, 5])("answer with what the outermost of %i promises", async (count) => {
    const others = Array.from({ length: count }, () => passOnLater);
    const service = serviceOf([around(async () => "outermost"), ...others], () => "not asked");
    expect(await (await service.request("/a")).text()).toBe("outermost");
    expect(
      await (await serviceOf([passOnLater, ...others], async () => "handler").request("/a")).text(),
    ).toBe("handler");
  });

  test("keep a constant response apart from one request to the next", async () => {
    const constant = respond(204);
    const mark = around(async (context, next) => {
      const response = await next();
      response.headers.append("x-query", context.search);
      return response;
    });
    const service = serviceOf([mark, passOn, around(async () => constant)], () => "not asked");
    expect((await service.request("/a?1")).headers.get("x-query")).toBe("?1");
    expect((await service.request("/a?2")).headers.get("x-query")).toBe("?2");
    expect(constant.headers.has("x-query")).toBe(false);
  });

  test.each([
    ["rejects", async () => Promise.reject(new Error("broken"))],
    ["promises an error", async () => new Error("broken")],
    [
      "throws",
      () => {
        throw new Error("broken");
      },
    ],
  ] as [string, () => Promise<IntoResponse>][])(
    "pass an error outwards when one inside %s",
    async (_, breaks) => {
      const caught: unknown[] = [];
      const handleError = new ErrorHandlerLayer(async (error) => {
        caught.push(error);
        return { caught: (error as Error).message };
      });
      const service = serviceOf([passOnLater, handleError, passOn, around(breaks)], () => "not asked");
      expect(await (await service.request("/a")).json()).toEqual({ caught: "broken" });
      expect(caught).toHaveLength(1);
    },
  );

  test("may call next() twice and return either response", async () => {
    let calls = 0;
    for (const wanted of [0, 1]) {
      const twice = around(async (_, next) => {
        const both = [next(), next()];
        await Promise.all(both);
        return both[wanted] as Promise<Response>;
      });
      calls = 0;
      const service = serviceOf([passOn, twice, passOn], async () => String(calls++));
      expect(await (await service.request("/a")).text()).toBe(String(wanted));
      expect(calls).toBe(2);
      const twiceAtOnce = around((_, next) => {
        const both = [next(), next()];
        return both[wanted] as Response;
      });
      calls = 0;
      const atOnce = serviceOf([passOn, twiceAtOnce, passOn], () => String(calls++));
      expect(await (await atOnce.request("/a")).text()).toBe(String(wanted));
    }
  });

  test("take thenables of somebody else's", async () => {
    // biome-ignore lint/suspicious/noThenProperty: that is what is tested.
    const thenable = { then: (resolve: (value: string) => void) => resolve("then") };
    const outer = around(async (_, next) => (await next()).text());
    const service = serviceOf([outer, around(() => thenable), passOn], () => "not asked");
    expect(await (await service.request("/a")).text()).toBe("then");
  });
});

test("an async layer around mistargeted requests sees their response", async () => {
  const service = tree((_, root) => {
    root.addLayerTo(
      _mistargetedRequestHandler([
        around(async (_, next) => {
          const response = await next();
          response.headers.set("x-seen", "1");
          return response;
        }),
        around(async () => "instead"),
      ]),
    );
  });
  const response = await service.request("/b");
  expect([response.headers.get("x-seen"), await response.text()]).toEqual(["1", "instead"]);
});
