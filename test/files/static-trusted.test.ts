import { unlinkSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { answer, serving } from "./serving.ts";
import { tempFiles, writeOld } from "./temp-files.ts";

describe("with revalidateAfter", () => {
  let clock: { mockReturnValue(value: number): unknown };

  beforeEach(() => {
    // Of what has just been changed nothing is kept.
    vi.spyOn(Date, "now").mockReturnValue(Date.now() + 60_000);
    clock = vi.spyOn(performance, "now");
    clock.mockReturnValue(1_000);
  });
  afterEach(() => void vi.restoreAllMocks());

  test.each([
    ["a file", "/assets/a.txt", "a.txt", {}],
    ["a page of a directory", "/assets/sub/", "sub/index.html", {}],
    ["the page of a single-page app", "/assets/some/path", "a.txt", { spaFallback: "a.txt" }],
    ["one that may be compressed", "/assets/a.txt", "a.txt", { precompressed: true, compress: true }],
  ])("%s is taken for unchanged until then, and looked at afterwards", async (_, path, name, options) => {
    const directory = tempFiles({ "a.txt": "one", "sub/index.html": "one" });
    const service = serving(directory, { revalidateAfter: 2_000, ...options });
    expect(await answer(service, path)).toEqual([200, "one"]);
    writeOld(join(directory, name), "two");
    for (const time of [1_000, 1_500, 2_999]) {
      clock.mockReturnValue(time);
      expect(await answer(service, path)).toEqual([200, "one"]);
    }
    clock.mockReturnValue(3_000);
    expect(await answer(service, path)).toEqual([200, "two"]);
    unlinkSync(join(directory, name));
    clock.mockReturnValue(4_999);
    expect(await answer(service, path)).toEqual([200, "two"]);
    clock.mockReturnValue(5_000);
    expect((await answer(service, path))[0]).toBe(404);
  });

  test("each look that finds it unchanged begins the time anew", async () => {
    const directory = tempFiles({ "a.txt": "one" });
    const service = serving(directory, { revalidateAfter: 500 });
    for (const time of [1_000, 1_600, 2_800]) {
      clock.mockReturnValue(time);
      expect(await answer(service, "/assets/a.txt")).toEqual([200, "one"]);
    }
    writeOld(join(directory, "a.txt"), "two");
    clock.mockReturnValue(3_299);
    expect(await answer(service, "/assets/a.txt")).toEqual([200, "one"]);
    clock.mockReturnValue(3_300);
    expect(await answer(service, "/assets/a.txt")).toEqual([200, "two"]);
  });

  test("conditions and parts are answered as of the file that is kept", async () => {
    const directory = tempFiles({ "a.txt": "0123456789" });
    const service = serving(directory, { revalidateAfter: Number.POSITIVE_INFINITY });
    const etag = (await service.request("/assets/a.txt")).headers.get("etag") ?? "";
    unlinkSync(join(directory, "a.txt"));
    clock.mockReturnValue(1e12);
    expect((await answer(service, "/assets/a.txt", { "if-none-match": etag }))[0]).toBe(304);
    expect(await answer(service, "/assets/a.txt", { range: "bytes=2-4" })).toEqual([206, "234"]);
  });

  test("files that are too large to be kept are looked at each time", async () => {
    const directory = tempFiles({ "a.txt": Buffer.alloc(200_000, "a") });
    const service = serving(directory, { revalidateAfter: Number.POSITIVE_INFINITY });
    expect((await answer(service, "/assets/a.txt"))[0]).toBe(200);
    writeOld(join(directory, "a.txt"), "small");
    expect(await answer(service, "/assets/a.txt")).toEqual([200, "small"]);
  });
});

test("by default each request looks", async () => {
  vi.spyOn(Date, "now").mockReturnValue(Date.now() + 60_000);
  try {
    const directory = tempFiles({ "sub/index.html": "one" });
    const service = serving(directory);
    expect(await answer(service, "/assets/sub/")).toEqual([200, "one"]);
    expect(await answer(service, "/assets/sub/")).toEqual([200, "one"]);
    writeOld(join(directory, "sub/index.html"), "two");
    expect(await answer(service, "/assets/sub/")).toEqual([200, "two"]);
  } finally {
    vi.restoreAllMocks();
  }
});
