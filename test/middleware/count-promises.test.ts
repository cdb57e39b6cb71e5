import { createHook } from "node:async_hooks";
import {
  _get,
  around,
  ErrorHandlerLayer,
  type Handler,
  type Layer,
  RequestExtensionsModifierLayer,
  RequestSignals,
  RequestSignalsLayer,
  type Service,
  stack,
} from "argania";
import { RequestDecompressionLayer } from "argania/middleware";
import { describe, expect, test } from "vitest";
import { places, tree } from "./layer-places.ts";

const passOn = around((_, next) => next());

describe("promises", () => {
  async function countPromises(service: Service): Promise<number> {
    const request = new Request("http://localhost/a");
    let count = 0;
    const hook = createHook({
      init: (_id, type) => {
        count += type === "PROMISE" ? 1 : 0;
      },
    });
    await service.fetch(request.clone() as Request);
    hook.enable();
    const response = service.fetch(request);
    hook.disable();
    await response;
    return count;
  }

  test.each(["handler", "receiver", "passer", "router"])(
    "are not made by layers around the %s that pass on what they are given",
    async (place) => {
      const serviceOf = places[place] as (layers: Layer[], handler: Handler) => Service;
      const handler = async () => "text";
      const one = await countPromises(serviceOf([passOn], handler));
      const five = await countPromises(serviceOf([passOn, passOn, passOn, passOn, passOn], handler));
      expect(one).toBeGreaterThan(0);
      expect(five).toBe(one);
      const none = tree((a) => a.setHandlerFor(_get.to(() => "text")));
      expect(await countPromises(serviceOf([passOn, passOn], () => "text"))).toBe(await countPromises(none));
    },
  );

  test.each([
    ["RequestDecompressionLayer", new RequestDecompressionLayer()],
    ["RequestExtensionsModifierLayer", new RequestExtensionsModifierLayer(() => {})],
    ["RequestSignalsLayer", new RequestSignalsLayer(new RequestSignals())],
    ["stack", stack(passOn, stack(passOn))],
  ] as [string, Layer][])("are not made by %s, which passes on what it is given", async (_, layer) => {
    const around = places.handler as (layers: Layer[], handler: Handler) => Service;
    const handler = async () => "text";
    expect(await countPromises(around([passOn, layer, layer, passOn], handler))).toBe(
      await countPromises(around([passOn, passOn], handler)),
    );
  });

  test("ErrorHandlerLayer makes one, to catch what is promised", async () => {
    const around = places.handler as (layers: Layer[], handler: Handler) => Service;
    const layer = new ErrorHandlerLayer((error) => {
      throw error;
    });
    const handler = async () => "text";
    expect(await countPromises(around([passOn, layer, passOn], handler))).toBe(
      (await countPromises(around([passOn, passOn], handler))) + 1,
    );
  });

  test("a single async layer makes the one of its function, and one to tell whether it has returned something", async () => {
    const none = await countPromises(tree((a) => a.setHandlerFor(_get.to(async () => "text"))));
    const layered = tree((a) => a.setHandlerFor(_get.wrappedIn(around(async () => "text")).to(() => "text")));
    expect(await countPromises(layered)).toBe(none + 1);
  });
});
