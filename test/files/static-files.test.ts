import { pathToFileURL } from "node:url";
import { _get, _post, _requestReceiver, around, Resource, ResponseError } from "argania";
import { StaticFiles } from "argania/static";
import { describe, expect, it } from "vitest";
import { answer, FILES, serving } from "./serving.ts";
import { LAST_MODIFIED, tempFiles } from "./temp-files.ts";

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
