import { readdirSync, readlinkSync } from "node:fs";
import { Resource, type Service } from "argania";
import { StaticFiles, type StaticFilesOptions } from "argania/static";
import { afterEach, describe, expect, it, test, vi } from "vitest";
import { FileStore } from "../../src/resource/static/file-store.ts";
import { answer } from "./serving.ts";
import { patternBytes, tempFiles } from "./temp-files.ts";

afterEach(() => vi.restoreAllMocks());

function quietly(directory: string, options: StaticFilesOptions): Service {
  return new Resource("/")
    .addSubresource(new StaticFiles("/assets", directory, options).intoResource())
    .intoService({ logger: { error: () => {} } });
}

/** The files below a directory that this process has open. */
const openBelow = (directory: string) =>
  process.platform === "linux"
    ? readdirSync("/proc/self/fd").filter((fd) => {
        try {
          return readlinkSync(`/proc/self/fd/${fd}`).startsWith(directory);
        } catch {
          return false;
        }
      }).length
    : 0;

describe("a file that is open is closed", () => {
  it("when its headers cannot be made", async () => {
    const directory = tempFiles({ "big.bin": patternBytes(300_000) });
    const service = quietly(directory, {
      cacheControl: () => {
        throw new Error("of the app");
      },
    });
    for (let turn = 0; turn < 20; turn++) {
      expect((await answer(service, "/assets/big.bin"))[0]).toBe(500);
    }
    await vi.waitFor(() => expect(openBelow(directory)).toBe(0));
  });
});

test("a compressed form that cannot be read is as good as none", async () => {
  const directory = tempFiles({ "app.js": patternBytes(300_000), "app.js.br": "b" });
  const service = quietly(directory, { precompressed: true });
  const { find } = FileStore.prototype;
  vi.spyOn(FileStore.prototype, "find").mockImplementation(function (this: FileStore, path, isJustRead) {
    return path.endsWith(".br")
      ? Promise.reject(Object.assign(new Error("permission denied"), { code: "EACCES" }))
      : find.call(this, path, isJustRead);
  });
  const response = await service.request("/assets/app.js", { headers: { "accept-encoding": "br" } });
  expect([response.status, response.headers.get("content-encoding")]).toEqual([200, null]);
  expect((await response.arrayBuffer()).byteLength).toBe(300_000);
  await vi.waitFor(() => expect(openBelow(directory)).toBe(0));
});
