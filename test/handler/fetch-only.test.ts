import { _get, Host, Resource, Router, Server } from "argania";
import { afterEach, describe, expect, it, vi } from "vitest";

afterEach(() => {
  vi.unstubAllGlobals();
});

const tree = () => new Resource("/").setHandlerFor(_get.to(() => "ok"));
const MAKERS = [
  ["a resource", () => tree().intoService()],
  ["a host", () => new Host("example.com", tree()).intoService()],
  ["a router", () => new Router().addResource(tree()).intoService()],
] as const;

describe.each(MAKERS)("the service of %s", (_, make) => {
  it("without Node's side serves fetch, and refuses its listeners when they are asked for", async () => {
    vi.stubGlobal("ARGANIA_FETCH_ONLY", true);
    const service = make();
    const response = await service.fetch(new Request("http://example.com/"));
    expect(await response.text()).toBe("ok");
    expect(() => service.nodeListener).toThrow(
      /^service\.nodeListener is not in this bundle.*ARGANIA_FETCH_ONLY/,
    );
    expect(() => service.createNodeListener).toThrow(TypeError);
    expect(() => service.upgradeListener).toThrow(TypeError);
    expect(() => service.createUpgradeListener).toThrow(TypeError);
    expect(Object.isFrozen(service)).toBe(true);
    await expect(new Server().serve(service, "127.0.0.1:0")).rejects.toThrow("ARGANIA_FETCH_ONLY");
  });

  it("has it unless the constant is true itself", () => {
    for (const value of [undefined, false, "true", 1]) {
      vi.stubGlobal("ARGANIA_FETCH_ONLY", value);
      expect(typeof make().nodeListener).toBe("function");
    }
  });
});
