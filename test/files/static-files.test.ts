import { symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { _get, _post, _requestReceiver, around, Resource, ResponseError, type Service } from "argania";
import { StaticFiles, type StaticFilesOptions } from "argania/static";
import { describe, expect, it, test, vi } from "vitest";
import { LAST_MODIFIED, patternBytes, tempFiles, writeOld } from "./temp-files.ts";

const FILES = {
  "hello.txt": "hello",
  "sub/in.txt": "in",
  "sub/index.html": "<h1>sub</h1>",
  "index.html": "<h1>root</h1>",
  "empty/x/y.txt": "y",
  "über uns.html": "<p>ü</p>",
  ".env": "SECRET",
  ".well-known/security.txt": "contact",
  ".well-known/.hidden": "SECRET",
};

function serving(directory: string, options: StaticFilesOptions = {}, pattern = "/assets"): Service {
  return new Resource("/")
    .addSubresource(new StaticFiles(pattern, directory, options).intoResource())
    .intoService();
}

async function answer(service: Service, path: string, headers: Record<string, string> = {}) {
  const response = await service.request(path, { headers });
  return [response.status, response.headers.get("location") ?? (await response.text())];
}

describe("a directory", () => {
  it.each([
    ["/assets/hello.txt", [200, "hello"]],
    ["/assets/%68ello.txt", [200, "hello"]],
    ["/assets/sub/in.txt", [200, "in"]],
    ["/assets/%C3%BCber%20uns.html", [200, "<p>ü</p>"]],
    ["/assets/index.html", [200, "<h1>root</h1>"]],
    ["/assets/", [200, "<h1>root</h1>"]],
    ["/assets", [308, "/assets/"]],
    ["/assets?a=1&b=%20", [308, "/assets/?a=1&b=%20"]],
    ["/assets/sub/", [200, "<h1>sub</h1>"]],
    ["/assets/sub", [308, "/assets/sub/"]],
    ["/assets/s%75b?q=/x", [308, "/assets/sub/?q=/x"]],
  ])("answers %s", async (path, expected) => {
    expect(await answer(serving(tempFiles(FILES)), path)).toEqual(expected);
  });

  it.each([
    "/assets/none",
    "/assets/none/",
    "/assets/hello.txt/",
    "/assets/hello.txt/x",
    "/assets/empty",
    "/assets/empty/",
    "/assets/empty/x",
    "/assets/sub//in.txt",
    "/assets//hello.txt",
    "/assets/.env",
    "/assets/.well-known/security.txt",
    "/assets/sub%2Fin.txt",
    "/assets/hello.txt.",
    "/assets/hello.txt%20",
    "/assets/hello.txt::$DATA",
  ])("has nothing at %s", async (path) => {
    expect((await answer(serving(tempFiles(FILES)), path))[0]).toBe(404);
  });

  it("is told of by its headers, too", async () => {
    const response = await serving(tempFiles(FILES)).request("/assets/hello.txt");
    expect(Object.fromEntries(response.headers)).toEqual({
      "accept-ranges": "bytes",
      "cache-control": "no-cache",
      "content-length": "5",
      "content-type": "text/plain; charset=utf-8",
      etag: expect.stringMatching(/^"5-[\da-f]{13}"$/),
      "last-modified": LAST_MODIFIED,
      "x-content-type-options": "nosniff",
    });
  });

  it("answers HEAD, ranges and conditions, and refuses other methods", async () => {
    const service = serving(tempFiles(FILES));
    const head = await service.request("/assets/hello.txt", { method: "HEAD" });
    expect([head.status, head.headers.get("content-length"), await head.text()]).toEqual([200, "5", ""]);
    expect(await answer(service, "/assets/hello.txt", { range: "bytes=-2" })).toEqual([206, "lo"]);
    expect(await answer(service, "/assets/hello.txt", { "if-none-match": "*" })).toEqual([304, ""]);
    const refused = await service.request("/assets/hello.txt", { method: "DELETE" });
    expect([refused.status, refused.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
  });

  it("is given by a URL, and at the root of a tree", async () => {
    const root = new StaticFiles("/", pathToFileURL(tempFiles(FILES))).intoResource();
    root.subresource("/sub/in.txt").setHandlerFor(_get.to(() => "resource"));
    root.setHandlerFor(_post.to(() => "posted"));
    const service = root.intoService();
    expect(await answer(service, "/")).toEqual([200, "<h1>root</h1>"]);
    expect(await answer(service, "/sub/in.txt")).toEqual([200, "resource"]);
    expect(await answer(service, "/sub/index.html")).toEqual([200, "<h1>sub</h1>"]);
    expect(await (await service.request("/", { method: "POST" })).text()).toBe("posted");
    expect((await answer(service, "//evil.example/sub"))[0]).toBe(404);
  });

  it("is guarded by the layers of its resource, and of subresources without a file", async () => {
    const files = new StaticFiles("/assets", tempFiles(FILES)).intoResource();
    const guard = around(() => {
      throw new ResponseError(401);
    });
    files.subresource("/sub").addLayerTo(_requestReceiver(guard));
    const service = new Resource("/").addSubresource(files).intoService();
    expect((await answer(service, "/assets/sub/in.txt"))[0]).toBe(401);
    expect((await answer(service, "/assets/%73ub/in.txt"))[0]).toBe(401);
    expect((await answer(service, "/assets/hello.txt"))[0]).toBe(200);
  });

  it.each([
    ["/assets *", "/assets", [308, "/assets/"]],
    ["/assets *", "/assets/", [200, "<h1>root</h1>"]],
    ["/assets/", "/assets", [308, "/assets/"]],
    ["/assets/", "/assets/", [200, "<h1>root</h1>"]],
    ["/assets !", "/assets", [200, "<h1>root</h1>"]],
    ["/assets/ !", "/assets/", [200, "<h1>root</h1>"]],
    ["/assets ?", "/assets", [308, "/assets/"]],
  ])("with the pattern %j answers %s and sends nobody in circles", async (pattern, path, expected) => {
    expect(await answer(serving(tempFiles(FILES), {}, pattern), path)).toEqual(expected);
  });
});

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

describe("a single-page app", () => {
  const PAGE = { accept: "text/html,application/xhtml+xml,*/*;q=0.8", "sec-fetch-dest": "document" };
  it.each([
    ["/app/users/7", PAGE, 200],
    ["/app/users/", PAGE, 200],
    ["/app/users/7", {}, 200],
    ["/app/users/7", { accept: "*/*" }, 200],
    ["/app/users/7", { accept: "*/*", "sec-fetch-dest": "empty" }, 404],
    ["/app/users/7", { accept: "application/json" }, 404],
    ["/app/users/7", { accept: "text/html;q=0, application/json" }, 404],
    ["/app/missing.js", PAGE, 404],
    ["/app/.env", PAGE, 404],
  ])("%s with %o is %i", async (path, headers, status) => {
    const service = serving(
      tempFiles({ "index.html": "<h1>app</h1>" }),
      { spaFallback: "index.html" },
      "/app",
    );
    const response = await service.request(path, { headers });
    expect(response.status).toBe(status);
    if (status === 200) {
      expect([await response.text(), response.headers.get("vary")]).toEqual([
        "<h1>app</h1>",
        "accept, sec-fetch-dest",
      ]);
    }
  });
});

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

  it("is found where the directory, a link, leads after a deployment", async () => {
    const base = tempFiles({ "v1/a.txt": "one", "v2/a.txt": "two" });
    symlinkSync("v1", join(base, "current"));
    const service = serving(join(base, "current"));
    expect(await answer(service, "/assets/a.txt")).toEqual([200, "one"]);
    unlinkSync(join(base, "current"));
    symlinkSync("v2", join(base, "current"));
    expect(await answer(service, "/assets/a.txt")).toEqual([200, "two"]);
  });

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
