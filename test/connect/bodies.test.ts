import { brotliCompressSync, gzipSync } from "node:zlib";
import {
  _post,
  _requestReceiver,
  around,
  ErrorHandlerLayer,
  json,
  jsonBody,
  Resource,
  respond,
} from "argania";
import { connectErrorLayer, connectHandler, connectLayer, nodeRequest } from "argania/connect";
import { RequestDecompressionLayer } from "argania/middleware";
import express from "express";
import multer from "multer";
import { describe, expect, it } from "vitest";
import { serveTree } from "./serve-tree.ts";

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

interface Post {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array<ArrayBuffer>;
}

it("middleware inside of a RequestDecompressionLayer reads the decoded body", async () => {
  const app = express()
    .use(express.json())
    .post("/form", multer().none(), (request, response) => void response.json(request.body))
    .post("/json", ({ body, headers }, response) => void response.json([body, headers["content-encoding"]]));
  const root = new Resource("/").addLayerTo(_requestReceiver(new RequestDecompressionLayer()));
  root.subresource("/app *").setHandlerFor(_post.to(connectHandler(app)));
  const { url, service } = await serveTree(root);
  const form = new FormData();
  form.set("name", "ada");
  const { headers, body } = new Request("http://localhost", { method: "POST", body: form });
  const multipart = gzipSync(Buffer.from(await new Response(body).arrayBuffer()));
  const type = headers.get("content-type") ?? "";
  const encoded = { method: "POST", headers: { "content-type": type, "content-encoding": "gzip" } };
  const twice = brotliCompressSync(gzipSync('{"name":"ada"}'));
  const json = { "content-type": "application/json", "content-encoding": "gzip, br" };
  const asks = [
    (path: string, init: Post) => fetch(`${url}${path}`, init),
    (path: string, init: Post) => service.request(path, init),
    (path: string, init: Post) => service.fetch(new Request(`http://localhost${path}`, init)),
  ];
  for (const ask of asks) {
    expect(await (await ask("/app/form", { ...encoded, body: new Uint8Array(multipart) })).json()).toEqual({
      name: "ada",
    });
    const answer = await ask("/app/json", { method: "POST", headers: json, body: new Uint8Array(twice) });
    expect(await answer.json()).toEqual([{ name: "ada" }, null]);
  }
});
