import { Resource } from "argania";
import { FileStream, StaticFiles, StaticFilesError, type StaticFilesOptions } from "argania/static";
import { describe, expect, it, test } from "vitest";
import { answer, FILES, serving } from "./serving.ts";
import { tempFiles } from "./temp-files.ts";

describe("options", () => {
  it.each([
    ["deny", "/.well-known/security.txt", 404],
    ["well-known", "/.well-known/security.txt", 200],
    ["well-known", "/.well-known/.hidden", 404],
    ["well-known", "/.env", 404],
    ["allow", "/.env", 200],
    ["allow", "/.well-known/.hidden", 200],
  ] as const)("dotfiles %j: %s is %i", async (dotfiles, path, status) => {
    const service = new StaticFiles("/", tempFiles(FILES), { dotfiles }).intoResource().intoService();
    expect((await answer(service, path))[0]).toBe(status);
  });

  it("index: other names in their order, or none", async () => {
    const directory = tempFiles({ "b.htm": "b", "c.htm": "c" });
    expect(await answer(serving(directory, { index: ["a.htm", "b.htm", "c.htm"] }), "/assets/")).toEqual([
      200,
      "b",
    ]);
    expect((await answer(serving(directory, { index: false }), "/assets/"))[0]).toBe(404);
  });

  it("cacheControl: a value, by path, or none; a value that is none is a 500", async () => {
    const directory = tempFiles({ "a.js": "1", "b\n.js": "2" });
    const value = async (cacheControl: StaticFilesOptions["cacheControl"], path = "a.js") => {
      const service = new Resource("/").addSubresource(
        new StaticFiles(
          "/assets",
          directory,
          cacheControl === undefined ? {} : { cacheControl },
        ).intoResource(),
      );
      const response = await service.intoService({ logger: { error: () => {} } }).request(`/assets/${path}`);
      return response.status === 200 ? response.headers.get("cache-control") : response.status;
    };
    expect(await value(undefined)).toBe("no-cache");
    expect(await value("max-age=60")).toBe("max-age=60");
    expect(await value(false)).toBeNull();
    expect(await value((path) => `max-age=5, x="${path}"`)).toBe('max-age=5, x="a.js"');
    expect(await value(() => undefined)).toBeNull();
    expect(await value((path) => `x="${path}"`, "b%0A.js")).toBe(500);
  });

  it.each([
    ["app.3f9a1c2b.js", true],
    ["index-B7kQz9Xe.css", true],
    ["chunk.0123abcdef.js.map", true],
    ["jquery.min.js", false],
    ["some-component.js", false],
    ["report-20260102.pdf", false],
    ["3f9a1c2b.js", false],
  ])("immutable: %s is %s", async (name, isHashed) => {
    const service = serving(tempFiles({ [name]: "x" }), { immutable: true });
    const response = await service.request(`/assets/${name}`);
    expect(response.headers.get("cache-control")).toBe(
      isHashed ? "public, max-age=31536000, immutable" : "no-cache",
    );
  });

  it("immutable: with a regex, which keeps no state", async () => {
    const service = serving(tempFiles({ "v1-a.js": "x" }), { immutable: /^v\d+-/g });
    for (let turn = 0; turn < 3; turn++) {
      const response = await service.request("/assets/v1-a.js");
      expect(response.headers.get("cache-control")).toContain("immutable");
    }
  });

  it("etag, lastModified, acceptRanges, attachments", async () => {
    const service = serving(tempFiles({ "ä.txt": "hello" }), {
      etag: false,
      lastModified: false,
      acceptRanges: false,
      attachments: true,
    });
    const response = await service.request("/assets/%C3%A4.txt", { headers: { range: "bytes=0-0" } });
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toEqual({
      "cache-control": "no-cache",
      "content-disposition": `attachment; filename="_.txt"; filename*=UTF-8''%C3%A4.txt`,
      "content-length": "5",
      "content-type": "text/plain; charset=utf-8",
      "x-content-type-options": "nosniff",
    });
  });
});

test.each([
  [{ indx: "a.html" }, 'no option "indx"'],
  [{ index: "" }, '"index"'],
  [{ index: true }, '"index"'],
  [{ index: ["a", "../b"] }, '"index"'],
  [{ spaFallback: "../index.html" }, '"spaFallback"'],
  [{ spaFallback: "/index.html" }, '"spaFallback"'],
  [{ dotfiles: "ignore" }, '"dotfiles"'],
  [{ followSymlinks: 1 }, '"followSymlinks"'],
  [{ cacheControl: "a\nb" }, '"cacheControl"'],
  [{ cacheControl: 60 }, '"cacheControl"'],
  [{ immutable: "hash" }, '"immutable"'],
  [{ precompressed: ["deflate"] }, '"precompressed"'],
  [{ compress: "gzip" }, '"compress"'],
  [{ compress: { level: 3 } }, 'no "level"'],
  [{ compress: { minSize: -1 } }, '"compress"'],
  [{ compress: { codings: "deflate" } }, 'A coding is one of "br"'],
  [{ compress: { codings: { coding: "gzip", level: 10 } } }, "Invalid level 10 for gzip"],
  [{ layout: "argan" }, '"layout"'],
  [{ cacheSize: 1.5 }, '"cacheSize"'],
  [{ revalidateAfter: -1 }, '"revalidateAfter"'],
  [{ revalidateAfter: Number.NaN }, '"revalidateAfter"'],
  [{ revalidateAfter: "1 s" }, '"revalidateAfter"'],
  [{ etag: "strong" }, '"etag"'],
  [null, "an object, not null"],
])("the options %o are refused", (options, message) => {
  const directory = tempFiles();
  expect(() => new StaticFiles("/x", directory, options as never)).toThrow(message);
});

test("static files that were not made into a resource are refused with what to do", () => {
  const files = new StaticFiles("/x", tempFiles());
  expect(() => new Resource("/").addSubresource(files as never)).toThrow(
    "Expected a resource, got a StaticFiles: call its intoResource().",
  );
});

test("what is no directory is refused", () => {
  const directory = tempFiles({ "a.txt": "" });
  for (const wrong of [`${directory}/none`, `${directory}/a.txt`, `${directory}/a.txt/x`, 7, null]) {
    expect(() => new StaticFiles("/x", wrong as never)).toThrow(StaticFilesError);
  }
});

test("a page of a single-page app that is not there is refused", () => {
  const directory = tempFiles({ "index.html": "", "sub/a.txt": "", "unencoded/app.html": "" });
  for (const spaFallback of ["nope.html", "sub", "index.html/x"]) {
    expect(() => new StaticFiles("/x", directory, { spaFallback })).toThrow(StaticFilesError);
    expect(() => new StaticFiles("/x", directory, { spaFallback })).toThrow('the option "spaFallback"');
  }
  new StaticFiles("/x", directory, { spaFallback: "index.html" });
  new StaticFiles("/x", directory, { spaFallback: "app.html", layout: "split" });
  expect(() => new StaticFiles("/x", directory, { spaFallback: "index.html", layout: "split" })).toThrow(
    StaticFilesError,
  );
});

test.each([
  [{ name: "x" }, 'no option "name"'],
  [{ attachment: "" }, '"attachment"'],
  [{ inline: 7 }, '"inline"'],
  [{ attachment: true, inline: true }, "not both"],
  [{ etag: "v1" }, "an entity tag with its quotes"],
  [{ etag: true }, '"etag"'],
  [{ lastModified: "today" }, '"lastModified"'],
  [{ lastModified: new Date("today") }, '"lastModified"'],
  [{ contentType: "text/plain\r\n" + "x: y" }, '"contentType"'],
  [{ cacheControl: "" }, '"cacheControl"'],
  [{ acceptRanges: "bytes" }, '"acceptRanges"'],
  [{ encoding: "deflate" }, "A coding is one of"],
  [{ encoding: { coding: "br", level: 12 } }, "Invalid level 12 for br"],
  [{ encoding: null }, "A coding is one of"],
  [null, "an object, not null"],
])("the options %o of a file are refused", async (options, message) => {
  await expect(FileStream.open("package.json", options as never)).rejects.toThrow(message);
});

test("a file is named by a path, a URL or a handle", async () => {
  await expect(FileStream.open(7 as never)).rejects.toThrow(
    "a path, a file: URL or a FileHandle, not a number",
  );
  await expect(FileStream.open(null as never)).rejects.toThrow("not null");
});
