import { renameSync, statSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { StaticFilesOptions } from "argania/static";
import { describe, expect, it, test, vi } from "vitest";
import { OpenFile } from "../../src/data/file/open-file.ts";
import { RootDirectory } from "../../src/data/file/root-directory.ts";
import { answer, FILES, serving } from "./serving.ts";
import { patternBytes, tempFiles, writeOld } from "./temp-files.ts";

describe("what has changed", () => {
  const settled = () => vi.spyOn(Date, "now").mockReturnValue(Date.now() + 60_000);

  it("is served as it is now, though small files are kept in memory", async () => {
    const directory = tempFiles({ "a.txt": "one" });
    const service = serving(directory);
    const now = settled();
    try {
      expect([await answer(service, "/assets/a.txt"), await answer(service, "/assets/a.txt")]).toEqual([
        [200, "one"],
        [200, "one"],
      ]);
      // The same length and the same time, as a deployment may have it.
      writeOld(join(directory, "a.txt"), "two");
      expect(await answer(service, "/assets/a.txt")).toEqual([200, "two"]);
      unlinkSync(join(directory, "a.txt"));
      expect((await answer(service, "/assets/a.txt"))[0]).toBe(404);
    } finally {
      now.mockRestore();
    }
  });

  it.each([3, 500_000])("is not served any more once a link of %i bytes leads outside", async (size) => {
    const outside = tempFiles({ "secret.txt": Buffer.alloc(size, "s") });
    const directory = tempFiles({ "a.txt": patternBytes(size) });
    const service = serving(directory);
    const now = settled();
    try {
      expect((await answer(service, "/assets/a.txt"))[0]).toBe(200);
      unlinkSync(join(directory, "a.txt"));
      symlinkSync(join(outside, "secret.txt"), join(directory, "a.txt"));
      expect((await answer(service, "/assets/a.txt"))[0]).toBe(404);
    } finally {
      now.mockRestore();
    }
  });

  it.each([
    [3, true],
    [3, false],
    [100_000, true],
    [500_000, true],
    [500_000, false],
  ])(
    "of %i bytes is not served any more once its folder is a link outside (links: %s)",
    async (size, follows) => {
      const outside = tempFiles();
      const directory = tempFiles({ "sub/k.txt": patternBytes(size), "other.txt": "other" });
      const service = serving(directory, { followSymlinks: follows });
      const now = settled();
      const clock = vi.spyOn(performance, "now");
      try {
        expect((await answer(service, "/assets/sub/k.txt"))[0]).toBe(200);
        const { ino } = statSync(join(directory, "sub/k.txt"));
        renameSync(join(directory, "sub"), join(outside, "sub"));
        symlinkSync(join(outside, "sub"), join(directory, "sub"));
        expect(statSync(join(directory, "sub/k.txt")).ino).toBe(ino);
        clock.mockReturnValue(performance.now() + 1_500);
        expect((await answer(service, "/assets/sub/k.txt"))[0]).toBe(404);
        expect((await answer(service, "/assets/sub/k.txt"))[0]).toBe(404);
      } finally {
        now.mockRestore();
        clock.mockRestore();
      }
    },
  );

  it("is kept on when it is still where it was", async () => {
    const service = serving(tempFiles({ "a.txt": "one" }));
    const now = settled();
    const clock = vi.spyOn(performance, "now");
    const reads = vi.spyOn(OpenFile.prototype, "read");
    const locations = vi.spyOn(RootDirectory.prototype, "holds");
    try {
      for (let turn = 0; turn < 4; turn++) {
        clock.mockReturnValue(turn * 1_500);
        expect(await answer(service, "/assets/a.txt")).toEqual([200, "one"]);
        expect(await answer(service, "/assets/a.txt")).toEqual([200, "one"]);
      }
      expect([reads.mock.calls.length, locations.mock.calls.length]).toEqual([1, 4]);
    } finally {
      vi.restoreAllMocks();
      now.mockRestore();
    }
  });

  it("is found where the directory, a link, leads after a deployment", async () => {
    const base = tempFiles({ "v1/a.txt": "one", "v2/a.txt": "two" });
    symlinkSync("v1", join(base, "current"));
    const service = serving(join(base, "current"));
    expect(await answer(service, "/assets/a.txt")).toEqual([200, "one"]);
    unlinkSync(join(base, "current"));
    symlinkSync("v2", join(base, "current"));
    expect(await answer(service, "/assets/a.txt")).toEqual([200, "two"]);
  });

  it.each([3, 100_000])(
    "has another entity tag, though %i bytes as before have the same time",
    async (size) => {
      const directory = tempFiles({ "a.txt": Buffer.alloc(size, "a") });
      const service = serving(directory);
      const now = settled();
      try {
        const first = (await service.request("/assets/a.txt")).headers.get("etag") ?? "";
        writeOld(join(directory, "a.txt"), Buffer.alloc(size, "b"));
        const headers = { "if-none-match": first };
        expect(await answer(service, "/assets/a.txt", headers)).toEqual([200, "b".repeat(size)]);
        writeOld(join(directory, "a.txt"), Buffer.alloc(size, "a"), new Date(0));
        expect((await answer(service, "/assets/a.txt", headers))[0]).toBe(304);
      } finally {
        now.mockRestore();
      }
    },
  );

  it("has a weak entity tag while it is new", async () => {
    const directory = tempFiles();
    writeFileSync(join(directory, "new.txt"), "new");
    const response = await serving(directory).request("/assets/new.txt");
    expect(response.headers.get("etag")).toMatch(/^W\//);
  });
});

test("symbolic links are followed inside, or not at all", async () => {
  const outside = tempFiles({ "secret.txt": "SECRET", "dir/x.txt": "SECRET" });
  const directory = tempFiles(FILES);
  symlinkSync("hello.txt", join(directory, "inside.txt"));
  symlinkSync("sub", join(directory, "subdir"));
  symlinkSync(join(outside, "secret.txt"), join(directory, "outside.txt"));
  symlinkSync(join(outside, "dir"), join(directory, "outdir"));
  symlinkSync(directory, join(directory, "self"));
  const statuses = async (options: StaticFilesOptions) => {
    const service = serving(directory, options);
    const paths = [
      "inside.txt",
      "subdir/in.txt",
      "self/hello.txt",
      "outside.txt",
      "outdir/x.txt",
      "hello.txt",
    ];
    return Promise.all(paths.map(async (path) => (await answer(service, `/assets/${path}`))[0]));
  };
  expect(await statuses({})).toEqual([200, 200, 200, 404, 404, 200]);
  expect(await statuses({ followSymlinks: false })).toEqual([404, 404, 404, 404, 404, 200]);
});

test("where the system does not tell what an open file is called, its path is looked at twice", async () => {
  const platform = Object.getOwnPropertyDescriptor(process, "platform") as PropertyDescriptor;
  Object.defineProperty(process, "platform", { ...platform, value: "darwin" });
  const now = vi.spyOn(Date, "now").mockReturnValue(Date.now() + 60_000);
  try {
    const outside = tempFiles({ "secret.txt": "SECRET" });
    const directory = tempFiles(FILES);
    symlinkSync("hello.txt", join(directory, "inside.txt"));
    symlinkSync(join(outside, "secret.txt"), join(directory, "outside.txt"));
    const service = serving(directory);
    for (let turn = 0; turn < 2; turn++) {
      expect(await answer(service, "/assets/hello.txt")).toEqual([200, "hello"]);
      expect(await answer(service, "/assets/inside.txt")).toEqual([200, "hello"]);
      expect((await answer(service, "/assets/outside.txt"))[0]).toBe(404);
    }
    writeOld(join(directory, "hello.txt"), "other");
    expect(await answer(service, "/assets/hello.txt")).toEqual([200, "other"]);
  } finally {
    now.mockRestore();
    Object.defineProperty(process, "platform", platform);
  }
});

test("names that Windows takes for devices are not looked up there", async () => {
  const platform = Object.getOwnPropertyDescriptor(process, "platform") as PropertyDescriptor;
  const service = serving(tempFiles({ "aux.js": "1", "a~1.js": "2", "auxiliary.js": "3" }));
  const statuses = () =>
    Promise.all(
      ["aux.js", "a~1.js", "auxiliary.js"].map(async (name) => (await answer(service, `/assets/${name}`))[0]),
    );
  expect(await statuses()).toEqual([200, 200, 200]);
  Object.defineProperty(process, "platform", { ...platform, value: "win32" });
  try {
    expect(await statuses()).toEqual([404, 404, 200]);
  } finally {
    Object.defineProperty(process, "platform", platform);
  }
});
