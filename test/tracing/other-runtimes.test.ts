import { afterEach, describe, expect, it, vi } from "vitest";

/** Argania as a runtime loads it that has nothing of Node's. */
async function loadElsewhere() {
  vi.resetModules();
  vi.stubGlobal("process", { ...process, getBuiltinModule: undefined, env: {} });
  return { ...(await import("argania")), ...(await import("argania/middleware")) };
}

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

describe("a runtime without Node's modules", () => {
  it("serves without tracing, and makes ids", async () => {
    const { _get, _requestReceiver, RequestIdLayer, Resource, requestId } = await loadElsewhere();
    const root = new Resource("/");
    root.addLayerTo(_requestReceiver(new RequestIdLayer()));
    root.setHandlerFor(_get.to((context) => requestId(context)));
    const service = root.intoService({ logger: { error() {} } });
    const response = await service.fetch(new Request("http://a.example/"));
    expect(await response.text()).toMatch(/^[\da-f-]{36}$/);
    expect((await service.fetch(new Request("http://a.example/%zz"))).status).toBe(400);
  });

  it("refuses asyncContext, which it could not keep", async () => {
    const { currentContext, Resource } = await loadElsewhere();
    expect(() => new Resource("/").intoService({ asyncContext: true })).toThrow(/AsyncLocalStorage/);
    expect(currentContext()).toBeUndefined();
    expect(() => new Resource("/").intoService({ asyncContext: false })).not.toThrow();
  });
});
