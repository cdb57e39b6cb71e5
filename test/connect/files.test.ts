import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { _get, _requestReceiver, _wildcardMethod, around, json, Resource, ResponseError } from "argania";
import { connectHandler, connectLayer } from "argania/connect";
import express from "express";
import serveStatic from "serve-static";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rawRequest } from "../support/raw-http.ts";
import { serveTree } from "./serve-tree.ts";

let folder = "";
const big = "0123456789".repeat(100_000);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "argania-connect-"));
  mkdirSync(join(folder, "public/private"), { recursive: true });
  mkdirSync(join(folder, "public/sub"));
  writeFileSync(join(folder, "secret.txt"), "secret");
  writeFileSync(join(folder, "public/a b.txt"), "a b");
  writeFileSync(join(folder, "public/big.txt"), big);
  writeFileSync(join(folder, "public/private/x.txt"), "private");
  writeFileSync(join(folder, "public/sub/index.html"), "<p>index");
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const guard = around(() => {
  throw new ResponseError(403);
});

function staticTree() {
  const root = new Resource("/");
  const files = root.subresource("/files ?*");
  files.setHandlerFor(_wildcardMethod.to(connectHandler(serveStatic(join(folder, "public")))));
  files.subresource("/private").addLayerTo(_requestReceiver(guard));
  root.subresource("/layer").addLayerTo(_requestReceiver(connectLayer(serveStatic(join(folder, "public")))));
  root.subresource("/layer/{name}").setHandlerFor(_get.to(({ params }) => `handler of ${params.name}`));
  return root;
}

describe.each(["/files", "/layer"])("serve-static below %s", (prefix) => {
  it("serves files, ranges, 304, HEAD and index", async () => {
    const { url, service } = await serveTree(staticTree());
    const ask = (path: string, init?: RequestInit) => fetch(url + prefix + path, init);
    expect(await (await ask("/a%20b.txt")).text()).toBe("a b");
    const whole = await ask("/big.txt");
    expect(whole.headers.get("content-length")).toBe(String(big.length));
    expect(await whole.text()).toBe(big);
    const range = await ask("/big.txt", { headers: { range: "bytes=10-14" } });
    expect([range.status, range.headers.get("content-range"), await range.text()]).toEqual([
      206,
      `bytes 10-14/${big.length}`,
      "01234",
    ]);
    const etag = whole.headers.get("etag") as string;
    // Not by fetch(), which asks for a fresh one then.
    const port = Number(new URL(url).port);
    const fresh = await rawRequest(port, "GET", `${prefix}/big.txt`, { "if-none-match": etag });
    expect([fresh.status, fresh.body]).toEqual([304, ""]);
    const head = await ask("/big.txt", { method: "HEAD" });
    expect(head.headers.get("content-length")).toBe(String(big.length));
    expect(await (await ask("/sub/")).text()).toBe("<p>index");
    const slash = await ask("/sub?x=1", { redirect: "manual" });
    expect([slash.status, slash.headers.get("location")]).toEqual([301, `${prefix}/sub/?x=1`]);
    expect(await (await service.request(`${prefix}/big.txt`)).text()).toBe(big);
  });

  it("does not leave its folder", async () => {
    const { url } = await serveTree(staticTree());
    const port = Number(new URL(url).port);
    for (const path of [
      "/../secret.txt",
      "/%2e%2e/secret.txt",
      "/..%2fsecret.txt",
      "/..%5csecret.txt",
      "/%00",
    ]) {
      const response = await rawRequest(port, "GET", prefix + path);
      expect(response.body).not.toContain("secret.txt\n");
      expect([400, 403, 404]).toContain(
        response.status === 200 && prefix === "/layer" ? 404 : response.status,
      );
      expect(response.body === "secret").toBe(false);
    }
    const elsewhere = await rawRequest(port, "GET", `${prefix}//example.com/%2e%2e`);
    expect(elsewhere.headers.get("location") ?? "/").not.toMatch(/^\/\//);
  });
});

describe("serve-static in a tree", () => {
  it("does not reach what a resource beside it guards", async () => {
    const { url } = await serveTree(staticTree());
    const port = Number(new URL(url).port);
    expect((await rawRequest(port, "GET", "/files/private/x.txt")).status).toBe(403);
    expect((await rawRequest(port, "GET", "/files/%70rivate/x.txt")).status).toBe(403);
    expect((await rawRequest(port, "GET", "/files/private%2Fx.txt")).status).toBe(404);
    expect((await rawRequest(port, "GET", "/files/sub%5C..%5Cprivate%5Cx.txt")).status).toBe(404);
    expect((await rawRequest(port, "GET", "/files//private/x.txt")).body).not.toBe("private");
  });

  it("as a layer does not reach it either, and leaves such paths to the handler", async () => {
    const root = new Resource("/");
    const files = root.subresource("/files ?*");
    const layer = connectLayer(serveStatic(join(folder, "public")));
    files.setHandlerFor(_get.to((context) => json(context.subtreeSegments)).wrappedIn(layer));
    files.subresource("/private").addLayerTo(_requestReceiver(guard));
    const { url } = await serveTree(root);
    const port = Number(new URL(url).port);
    const ask = async (path: string) => (await rawRequest(port, "GET", `/files${path}`)).body;
    expect(await ask("/a%20b.txt")).toBe("a b");
    expect(await ask("/private%2Fx.txt")).toBe('["private/x.txt"]');
    expect(await ask("//private/x.txt")).toBe('["","private","x.txt"]');
    expect(await ask("/sub%2F..%2Fprivate%2fx.txt")).toBe('["sub/../private/x.txt"]');
  });

  it("hands on what it does not have", async () => {
    const { url } = await serveTree(staticTree());
    expect(await (await fetch(`${url}/layer/none`)).text()).toBe("handler of none");
    const none = await fetch(`${url}/files/none`);
    expect([none.status, ((await none.json()) as { code: string }).code]).toEqual([
      404,
      "ARGANIA_NOT_FOUND_RESOURCE",
    ]);
  });

  it("hands on encoded slashes where that is asked for", async () => {
    const root = new Resource("/");
    const app = express();
    app.get("/repos/:name", (request, response) => void response.send(request.params.name));
    root.subresource("/a ?*").setHandlerFor(_get.to(connectHandler(app, { encodedSlashes: "pass" })));
    root.subresource("/b ?*").setHandlerFor(_get.to(connectHandler(app)));
    const { url } = await serveTree(root);
    expect(await (await fetch(`${url}/a/repos/x%2Fy`)).text()).toBe("x/y");
    expect((await fetch(`${url}/b/repos/x%2Fy`)).status).toBe(404);
  });
});
