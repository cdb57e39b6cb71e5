import { consoleLogger } from "argania";
import { afterEach, describe, expect, it, vi } from "vitest";

afterEach(() => {
  vi.restoreAllMocks();
});

describe("consoleLogger", () => {
  it("writes the error itself, with the request that met it", () => {
    const written = vi.spyOn(console, "error").mockImplementation(() => {});
    const err = new Error("x", { cause: new Error("y") });
    consoleLogger.error({ err, method: "GET", path: "/a" }, "A request failed");
    expect(written.mock.calls).toEqual([["[argania] A request failed (GET /a):", err]]);
  });

  it("writes what belongs to no request", () => {
    const written = vi.spyOn(console, "error").mockImplementation(() => {});
    consoleLogger.error({ err: null }, "Late");
    expect(written.mock.calls).toEqual([["[argania] Late:", null]]);
  });
});
