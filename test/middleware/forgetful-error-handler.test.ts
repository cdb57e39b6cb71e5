import { _get, _requestReceiver, ErrorHandlerLayer, NotFoundResourceError, Resource, text } from "argania";
import { BearerAuthLayer } from "argania/middleware";
import { describe, expect, test } from "vitest";
import { places } from "./layer-places.ts";

const forgetful: Record<string, () => unknown> = {
  "at once": () => {},
  later: async () => {},
  // biome-ignore lint/suspicious/noThenProperty: that is what is tested.
  "by a thenable": () => ({ then: (resolve: (value: unknown) => void) => resolve(undefined) }),
};

function reporting() {
  const reports: Error[] = [];
  return {
    reports,
    options: { logger: { error: ({ err }: { err: unknown }) => reports.push(err as Error) } },
  };
}

describe.each(Object.entries(forgetful))("an error handler that returns nothing %s", (_, forget) => {
  test.each(Object.entries(places))("is a 500 that says so, on a %s", async (place, make) => {
    const { reports, options } = reporting();
    const failure = new Error("the database is gone");
    const layer = new ErrorHandlerLayer(Object.defineProperty(forget, "name", { value: "log" }) as never);
    const fail = () => {
      throw failure;
    };
    const service = make([layer], fail, undefined, options);
    // Where nothing is, the handler is that of mistargeted requests.
    const path = place.startsWith("mistargeted") ? "/a/x" : "/a";
    const response = await service.request(path);
    expect(response.status).toBe(500);
    expect(await response.text()).not.toMatch(/database|returned/);
    expect(reports).toEqual([expect.objectContaining({ code: "ARGANIA_INVALID_RESPONSE", cause: failure })]);
    expect(reports[0]?.message).toMatch(/"log" of an ErrorHandlerLayer returned nothing.*throw error/);
  });
});

test("no refusal becomes a 200: neither what is not there nor what is not allowed", async () => {
  const { reports, options } = reporting();
  const root = new Resource("/").setHandlerFor(_get.to(() => "secret"));
  root.addLayerTo(
    _requestReceiver([
      new ErrorHandlerLayer((() => {}) as never),
      new BearerAuthLayer({ tokens: { "0123456789abcdef0": "x" } }),
    ]),
  );
  const service = root.intoService(options);
  const answers = [await service.request("/"), await service.request("/nope")];
  expect(answers.map(({ status }) => status)).toEqual([500, 500]);
  expect(reports).toHaveLength(2);
});

test("null is an empty response that is meant", async () => {
  const { reports, options } = reporting();
  const service = new Resource("/")
    .addLayerTo(_requestReceiver(new ErrorHandlerLayer(() => null)))
    .intoService(options);
  expect((await service.request("/")).status).toBe(200);
  expect(reports).toEqual([]);
});

test("an error handler that throws on, or answers, is as before", async () => {
  const { reports, options } = reporting();
  const layer = new ErrorHandlerLayer(async (error) => {
    if (error instanceof NotFoundResourceError) {
      return text("gone", 410);
    }
    throw error;
  });
  const service = new Resource("/").addLayerTo(_requestReceiver(layer)).intoService(options);
  expect((await service.request("/x")).status).toBe(410);
  expect(reports).toEqual([]);
});
