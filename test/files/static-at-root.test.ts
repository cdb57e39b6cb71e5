import { _get, _mistargetedRequest, _post, Resource, Router } from "argania";
import { StaticFiles, type StaticFilesOptions } from "argania/static";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { answer, FILES } from "./serving.ts";
import { tempFiles } from "./temp-files.ts";

function build(options?: StaticFilesOptions) {
  const root = new Resource("/");
  const files = new StaticFiles("/", tempFiles(FILES), options);
  root.setHandlerFor(
    _get.to(() => "home"),
    _mistargetedRequest.to(files.intoHandler()),
  );
  root.subresource("/api/v1").setHandlerFor(_get.to(() => "v1"));
  root.subresource("/in").setHandlerFor(_post.to(() => "posted"));
  return root.intoService();
}

describe("files at the root, beside other resources and a page of its own", () => {
  it.each([
    ["/", [200, "home"]],
    ["/api/v1", [200, "v1"]],
    ["/hello.txt", [200, "hello"]],
    ["/%68ello.txt", [200, "hello"]],
    ["/index.html", [200, "<h1>root</h1>"]],
    ["/sub/in.txt", [200, "in"]],
    ["/sub/", [200, "<h1>sub</h1>"]],
    ["/sub?a=1", [308, "/sub/?a=1"]],
  ])("answer %s", async (path, expected) => {
    const service = build();
    expect(await answer(service, path)).toEqual(expected);
    // In memory by now, if it is a file.
    expect(await answer(service, path)).toEqual(expected);
  });

  it.each([
    "/none",
    "/api",
    "/api/none",
    "/.env",
    "/..%2Fetc%2Fpasswd",
    "//hello.txt",
    "/hello.txt/",
    "/empty/",
  ])("have nothing at %s", async (path) => {
    expect((await answer(build(), path))[0]).toBe(404);
  });

  it("answer HEAD, ranges and conditions, and nothing else", async () => {
    const service = build();
    const head = await service.request("/hello.txt", { method: "HEAD" });
    expect([head.status, head.headers.get("content-length"), await head.text()]).toEqual([200, "5", ""]);
    expect(await answer(service, "/hello.txt", { range: "bytes=-2" })).toEqual([206, "lo"]);
    expect(await answer(service, "/hello.txt", { "if-none-match": "*" })).toEqual([304, ""]);
    for (const method of ["POST", "DELETE", "OPTIONS"]) {
      expect((await service.request("/hello.txt", { method })).status).toBe(404);
    }
    expect((await service.request("/in")).status).toBe(405);
  });

  it("have the page of a single-page app", async () => {
    const service = build({ spaFallback: "index.html" });
    expect(await answer(service, "/settings", { accept: "text/html" })).toEqual([200, "<h1>root</h1>"]);
    expect((await answer(service, "/missing.js", { accept: "text/html" }))[0]).toBe(404);
  });

  it("are one handler for several resources", async () => {
    const files = tempFiles({ "a/x.txt": "below", "x.txt": "above" });
    // Of what has just been changed nothing is kept.
    vi.spyOn(Date, "now").mockReturnValue(Date.now() + 60_000);
    onTestFinished(() => {
      vi.restoreAllMocks();
    });
    const handler = new StaticFiles("/", files).intoHandler();
    const one = new Resource("http://one.test/");
    const two = new Resource("http://two.test/");
    one.setHandlerFor(_mistargetedRequest.to(handler));
    two.subresource("/a").setHandlerFor(_mistargetedRequest.to(handler));
    const service = new Router().addResource([one, two]).intoService();
    for (let round = 0; round < 3; round++) {
      expect(await answer(service, "http://one.test/a/x.txt")).toEqual([200, "below"]);
      expect(await answer(service, "http://two.test/a/x.txt")).toEqual([200, "above"]);
    }
  });

  it("take resources, where the index is the page", async () => {
    const root = new StaticFiles("/", tempFiles(FILES)).intoResource();
    root.addSubresource(new Resource("/api").setHandlerFor(_get.to(() => "api")));
    expect(await answer(root.intoService(), "/api")).toEqual([200, "api"]);
  });
});
