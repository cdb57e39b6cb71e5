import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  _get,
  _post,
  _requestReceiver,
  _wildcardMethod,
  around,
  ErrorHandlerLayer,
  json,
  jsonBody,
  Resource,
  ResponseError,
  respond,
} from "argania";
import { connectErrorLayer, connectHandler, connectLayer, nodeRequest } from "argania/connect";
import express from "express";
import multer from "multer";
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

describe("bodies", () => {
  const upload = multer({ storage: multer.memoryStorage(), limits: { fileSize: 1_000 } });
  const tree = () => {
    const root = new Resource("/");
    const tooLarge = connectErrorLayer((error, _request, response, next) => {
      if (!(error instanceof multer.MulterError)) {
        next(error);
        return;
      }
      response.statusCode = 413;
      response.end(error.code);
    });
    root.subresource("/upload").setHandlerFor(
      _post
        .to((context) => {
          const { files, body } = nodeRequest<express.Request>(context);
          const list = (files as Express.Multer.File[]).map((file) => [
            file.originalname,
            file.buffer.toString(),
          ]);
          return json({ list, body });
        })
        .wrappedIn(tooLarge, connectLayer(upload.array("files", 2))),
    );
    root
      .subresource("/json")
      .setHandlerFor(
        _post
          .to((context) => json(nodeRequest<express.Request>(context).body))
          .wrappedIn(connectLayer(express.json())),
      );
    root
      .subresource("/twice")
      .setHandlerFor(
        _post.to([jsonBody()], (body) => json(body as object)).wrappedIn(connectLayer(express.json())),
      );
    root.subresource("/after").setHandlerFor(
      _post
        .to((context) => json(nodeRequest<express.Request>(context).body ?? null))
        .wrappedIn(
          around(async (context, next) => {
            await jsonBody().extract(context as never, {} as never);
            return next();
          }),
          connectLayer(express.json()),
        ),
    );
    root.addLayerTo(
      _requestReceiver(
        new ErrorHandlerLayer((error) => {
          const { code, status = 500 } = error as { code?: string; status?: number };
          return respond(status, json({ code }));
        }),
      ),
    );
    return root;
  };

  it("multer takes an upload, whose files the handler sees", async () => {
    const { url, service } = await serveTree(tree());
    const form = new FormData();
    form.set("title", "two");
    form.append("files", new Blob(["one"]), "1.txt");
    form.append("files", new Blob(["two"]), "2.txt");
    for (const ask of [(path: string, init: object) => fetch(url + path, init), service.request]) {
      const response = await ask("/upload", { method: "POST", body: form });
      expect(await response.json()).toEqual({
        list: [
          ["1.txt", "one"],
          ["2.txt", "two"],
        ],
        body: { title: "two" },
      });
    }
    form.append("files", new Blob(["x".repeat(2_000)]), "3.txt");
    form.delete("title");
    const refused = await fetch(`${url}/upload`, { method: "POST", body: form });
    expect([refused.status, (await refused.text()).startsWith("LIMIT_")]).toEqual([413, true]);
  });

  const post = (url: string, body: string) =>
    fetch(url, { method: "POST", body, headers: { "content-type": "application/json" } });

  it("parsers leave the body in req.body, and their errors have their status", async () => {
    const { url } = await serveTree(tree());
    expect(await (await post(`${url}/json`, '{"a":1}')).json()).toEqual({ a: 1 });
    const malformed = await post(`${url}/json`, "{");
    expect([malformed.status, await malformed.json()]).toEqual([400, { code: "ARGANIA_CONNECT_MIDDLEWARE" }]);
    expect((await post(`${url}/json`, `"${"x".repeat(200_000)}"`)).status).toBe(413);
  });

  it("says that a body is read already, whoever was first", async () => {
    const { url, service } = await serveTree(tree());
    const twice = await post(`${url}/twice`, "{}");
    expect([twice.status, await twice.json()]).toEqual([500, { code: "ARGANIA_BODY_ALREADY_READ" }]);
    const after = await post(`${url}/after`, "{}");
    expect([after.status, await after.json()]).toEqual([200, null]);
    const init = { method: "POST", body: "{}", headers: { "content-type": "application/json" } };
    expect(await (await service.request("/twice", init)).json()).toEqual({
      code: "ARGANIA_BODY_ALREADY_READ",
    });
    expect(await (await service.request("/after", init)).json()).toEqual({
      code: "ARGANIA_BODY_ALREADY_READ",
    });
  });
});
