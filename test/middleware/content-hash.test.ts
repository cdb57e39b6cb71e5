import { createHash } from "node:crypto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

beforeEach(() => {
  vi.resetModules();
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const CONTENTS = ["", "text with ü", new Uint8Array([0, 255, 128])];
const expected = (content: string | Uint8Array) =>
  createHash("sha1").update(content).digest("base64").slice(0, 27);

/** With what this runtime has of `node:crypto`, or with something else. */
async function hasher(crypto?: { readonly [name: string]: unknown } | null) {
  const getBuiltinModule = vi.fn(() => crypto ?? undefined);
  if (crypto !== undefined) {
    vi.stubGlobal("process", { ...process, getBuiltinModule });
  }
  return { ...(await import("../../src/middleware/content-hash.ts")), getBuiltinModule };
}

test.each(CONTENTS)("the hash of %j is made by node:crypto at once", async (content) => {
  const { hashOf } = await hasher();
  expect(hashOf(content)).toBe(expected(content));
});

test.each(CONTENTS)("that of %j is the same where it has no hash() yet", async (content) => {
  const { hashOf, getBuiltinModule } = await hasher({ createHash });
  expect(hashOf(content)).toBe(expected(content));
  expect(getBuiltinModule).toHaveBeenCalledWith("node:crypto");
});

test.each(CONTENTS)("that of %j is the same with hash()", async (content) => {
  const hash = (name: string, data: string | Uint8Array) => createHash(name).update(data).digest("base64");
  const { hashOf } = await hasher({ hash });
  expect(hashOf(content)).toBe(expected(content));
});

test.each(CONTENTS)("that of %j is the same, and promised, without Node's crypto", async (content) => {
  const { hashOf } = await hasher(null);
  const made = hashOf(content);
  expect(made).toBeInstanceOf(Promise);
  expect(await made).toBe(expected(content));
});
