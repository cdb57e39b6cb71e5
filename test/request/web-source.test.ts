import { describe, expect, it } from "vitest";
import { WebSource } from "../../src/request/web-source.ts";

const ignore = () => {};
const sourceOf = (request: Request) => new WebSource(request, { reportFailure: ignore });

describe("WebSource", () => {
  it.each([
    ["http://Example.com/a/b?c=d#e", "example.com", "/a/b?c=d"],
    ["http://example.com:8080", "example.com:8080", "/"],
    ["http://example.com?x", "example.com", "/?x"],
    ["http://example.com/#x?y", "example.com", "/"],
    ["https://[::1]:8443//a", "[::1]:8443", "//a"],
    ["http://example.com/http://other.com/", "example.com", "/http://other.com/"],
  ])("takes %s apart", (url, host, target) => {
    const source = sourceOf(new Request(url));
    expect([source.hostHeader, source.target, source.scheme]).toEqual([
      host,
      target,
      url.slice(0, url.indexOf(":")),
    ]);
  });

  it("never throws for other schemes, whose hosts are none", () => {
    for (const url of ["data:text/plain,hi", "file:///etc/passwd", "about:blank"]) {
      expect(() => sourceOf(new Request(url))).not.toThrow();
    }
  });

  it("has the headers, body, signal and request that it was given", async () => {
    const request = new Request("http://a/", { method: "POST", body: "x", headers: { "X-A": "1" } });
    const source = sourceOf(request);
    expect(source.toRequest(request.url)).toBe(request);
    expect(source.body).toBe(request.body);
    expect(source.signal).toBe(request.signal);
    expect(source.headers).toBe(request.headers);
    expect([source.method, source.header("x-a"), source.header("x-b")]).toEqual(["POST", "1", undefined]);
    expect([source.remoteAddress, source.env, source.mayLackHost]).toEqual(["", undefined, false]);
  });

  it("spells the URL of the request as everybody else sees it, and keeps its body", async () => {
    const request = new Request("http://a/%61#b", { method: "POST", body: "x", headers: { "X-A": "1" } });
    const source = sourceOf(request);
    const { body } = source;
    const web = source.toRequest("http://a/a");
    expect([web.url, web.method, web.headers.get("x-a")]).toEqual(["http://a/a", "POST", "1"]);
    expect(web.body).toBe(body);
    expect(source.body).toBe(body);
    expect(await web.text()).toBe("x");
  });

  it("reports the failure of a background promise and hands on one that never fails", async () => {
    const failures: unknown[] = [];
    const handedOn: Promise<unknown>[] = [];
    const source = new WebSource(new Request("http://a/"), {
      reportFailure: (error) => failures.push(error),
      waitUntil: (promise) => handedOn.push(promise),
    });
    source.waitUntil(Promise.reject(new Error("late")));
    source.waitUntil(Promise.resolve(1));
    await expect(Promise.all(handedOn)).resolves.toHaveLength(2);
    expect(failures).toEqual([new Error("late")]);
  });
});
