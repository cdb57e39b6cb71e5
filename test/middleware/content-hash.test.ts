import { afterEach, expect, test, vi } from "vitest";
import { hashOf } from "../../src/middleware/content-hash.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

test.each(["", "text with ü", new Uint8Array([0, 255, 128])])(
  "the hash of %j is the same with and without Node's crypto",
  async (content) => {
    const own = hashOf(content);
    expect(own).toMatch(/^[\w+/]{27}$/);
    vi.stubGlobal("process", { ...process, getBuiltinModule: undefined });
    expect(await hashOf(content)).toBe(own);
  },
);
