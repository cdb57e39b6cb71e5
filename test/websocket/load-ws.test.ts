import { WebSocketPackageError } from "argania/websocket";
import { afterEach, describe, expect, test, vi } from "vitest";
import { checkedWs, isNode } from "../../src/data/websocket/load-ws.ts";

describe("the package ws", () => {
  const installed = (version: string) => (name: string) => (name === "ws" ? { name } : { version });

  test.each(["8.21.1", "8.22.0", "8.23.0", "8.100.0"])("is taken as version %s", (version) => {
    expect(checkedWs(installed(version))).toEqual({ name: "ws" });
  });

  test.each(["7.5.10", "8.18.0", "8.21.0", "9.0.0", "10.1.0"])("is refused as version %s", (version) => {
    const load = () => checkedWs(installed(version));
    expect(load).toThrow(WebSocketPackageError);
    expect(load).toThrow(new RegExp(`8\\.21\\.1 or a later 8, and found ${version}. Run: npm install ws@8`));
  });

  test("is to be installed when it is missing", () => {
    const missing = Object.assign(new Error("Cannot find module 'ws'"), { code: "MODULE_NOT_FOUND" });
    const load = () =>
      checkedWs(() => {
        throw missing;
      });
    expect(load).toThrow("npm install ws");
    expect(load).toThrow(expect.objectContaining({ code: "ARGANIA_WEBSOCKET_PACKAGE", cause: missing }));
  });
});

describe("other runtimes need none", () => {
  afterEach(() => void vi.unstubAllGlobals());

  test("this is Node", () => expect(isNode()).toBe(true));

  test.each(["Deno", "Bun", "WebSocketPair"])("one with %s is not", (name) => {
    vi.stubGlobal(name, {});
    expect(isNode()).toBe(false);
  });

  test("nor is one without a process", () => {
    vi.stubGlobal("process", undefined);
    expect(isNode()).toBe(false);
  });
});
