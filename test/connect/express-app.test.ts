import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { connect as connectHttp2 } from "node:http2";
import type { AddressInfo } from "node:net";
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
  respond,
} from "argania";
import { connectHandler, connectLayer, nodeRequest, nodeResponse } from "argania/connect";
import express from "express";
import rateLimit from "express-rate-limit";
import { describe, expect, it, onTestFinished } from "vitest";
import { serveTree } from "./serve-tree.ts";

function legacyApp() {
  const folder = mkdtempSync(join(tmpdir(), "argania-express-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "file.txt"), "of a file");
  const app = express();
  const router = express.Router();
  router.get("/:id", (request, response) => {
    response.json({
      ...request.params,
      url: request.url,
      baseUrl: request.baseUrl,
      originalUrl: request.originalUrl,
    });
  });
  app.use("/users", router);
  app.post("/echo", express.json(), (request, response) => void response.status(201).json(request.body));
  app.get("/stream", async (_request, response) => {
    response.type("text/plain");
    for (let index = 0; index < 3; index++) {
      response.write(`${index}\n`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    response.end();
  });
  app.get("/file", (_request, response) => response.sendFile(join(folder, "file.txt")));
  app.get("/redirect", (_request, response) => response.redirect("/legacy/users/1"));
  app.get("/broken", () => {
    throw new Error("broken");
  });
  app.get("/handled", (_request, _response, next) => next(new Error("handled")));
  app.get("/forbidden", (_request, _response, next) => next(Object.assign(new Error("no"), { status: 403 })));
  app.use(((error, _request, response, next) => {
    if (error.message !== "handled") {
      return next(error);
    }
    response.status(422).send("handled");
  }) as express.ErrorRequestHandler);
  return app;
}

function tree() {
  const root = new Resource("/");
  root.addLayerTo(
    _requestReceiver(
      around(async (context, next) => {
        context.beforeSend(({ headers }) => headers.set("x-hook", "1"));
        const response = await next();
        response.headers.set("x-outer", `${response.status}`);
        return response;
      }),
    ),
  );
  root.subresource("/legacy ?*").setHandlerFor(_wildcardMethod.to(connectHandler(legacyApp())));
  return root;
}

describe("a whole Express app", () => {
  it("answers below its resource, over a socket and in process", async () => {
    const { url, service } = await serveTree(tree());
    for (const ask of [(path: string, init?: object) => fetch(url + path, init), service.request]) {
      const user = await ask("/legacy/users/7?x=1");
      expect([user.headers.get("x-outer"), user.headers.get("x-powered-by")]).toEqual(["200", "Express"]);
      expect(await user.json()).toEqual({
        id: "7",
        url: "/7?x=1",
        baseUrl: "/legacy/users",
        originalUrl: "/legacy/users/7?x=1",
      });
      const echo = await ask("/legacy/echo", {
        method: "POST",
        body: '{"a":[1]}',
        headers: { "content-type": "application/json" },
      });
      expect([echo.status, await echo.json()]).toEqual([201, { a: [1] }]);
      expect(await (await ask("/legacy/stream")).text()).toBe("0\n1\n2\n");
      expect(await (await ask("/legacy/file")).text()).toBe("of a file");
      const head = await ask("/legacy/file", { method: "HEAD" });
      expect([head.status, head.headers.get("content-length"), await head.text()]).toEqual([200, "9", ""]);
    }
  });

  it("redirects, fails, and leaves what it does not have", async () => {
    const { url, logged } = await serveTree(tree());
    const redirect = await fetch(`${url}/legacy/redirect`, { redirect: "manual" });
    expect([redirect.status, redirect.headers.get("location")]).toEqual([302, "/legacy/users/1"]);
    const handled = await fetch(`${url}/legacy/handled`);
    expect([handled.status, await handled.text(), handled.headers.get("x-outer")]).toEqual([
      422,
      "handled",
      "422",
    ]);
    const broken = await fetch(`${url}/legacy/broken`);
    expect([broken.status, broken.headers.get("x-hook")]).toEqual([500, "1"]);
    expect(await broken.text()).not.toContain("broken");
    expect((logged[0] as { err: Error }).err.message).toBe("broken");
    expect((await fetch(`${url}/legacy/forbidden`)).status).toBe(403);
    for (const path of ["/legacy", "/legacy/", "/legacy/none"]) {
      expect((await fetch(url + path, { method: "DELETE" })).status).toBe(404);
    }
  });

  it("serves HTTP/2", async () => {
    const { url } = await serveTree(tree(), (server) => server.withHttp2());
    const session = connectHttp2(url);
    onTestFinished(() => session.close());
    const stream = session.request({
      ":method": "POST",
      ":path": "/legacy/echo",
      "content-type": "application/json",
    });
    stream.end('{"a":2}');
    let status: unknown;
    stream.on("response", (headers) => {
      status = headers[":status"];
    });
    const chunks: Buffer[] = [];
    for await (const chunk of stream) {
      chunks.push(chunk as Buffer);
    }
    expect([status, Buffer.concat(chunks).toString()]).toEqual([201, '{"a":2}']);
  });

  it("is a layer, too, with everything that Express has", async () => {
    const root = new Resource("/");
    const app = express();
    app.get("/own", (_request, response) => void response.send("of Express"));
    app.use((_request, response, next) => {
      response.set("x-app", "1");
      next();
    });
    root.addLayerTo(_requestReceiver(connectLayer(app)));
    root.subresource("/inside").setHandlerFor(_get.to(() => "of Argania"));
    const { url } = await serveTree(root);
    expect(await (await fetch(`${url}/own`)).text()).toBe("of Express");
    const inside = await fetch(`${url}/inside`);
    expect([await inside.text(), inside.headers.get("x-app")]).toEqual(["of Argania", "1"]);
  });
});

describe("express-rate-limit", () => {
  it("answers 429 by the address of the client, and tells what is left", async () => {
    const root = new Resource("/");
    const limit = rateLimit({ windowMs: 60_000, limit: 2, standardHeaders: "draft-8", legacyHeaders: true });
    root.addLayerTo(_requestReceiver(connectLayer(limit)));
    root.setHandlerFor(_get.to(() => "a"));
    const { url, service } = await serveTree(root);
    const statuses: number[] = [];
    for (let count = 0; count < 3; count++) {
      const response = await fetch(url);
      statuses.push(response.status);
      expect(response.headers.get("x-ratelimit-remaining")).toBe(String(Math.max(0, 1 - count)));
      expect(response.headers.get("ratelimit")).toContain("r=");
      await response.text();
    }
    expect(statuses).toEqual([200, 200, 429]);
    expect((await service.request("/", { remoteAddress: "192.0.2.1" })).status).toBe(200);
  });
});

describe("a service inside of Express", () => {
  const serve = async (app: express.Express): Promise<string> => {
    const server = createServer(app).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    onTestFinished(() => void server.close());
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };

  it("answers below its mount, hands on what it does not have, and works with layers of Connect", async () => {
    const root = new Resource("/");
    root.addLayerTo(
      _requestReceiver(
        connectLayer((_request, response, next) => {
          response.setHeader("x-layer", "1");
          next();
        }),
      ),
    );
    root.subresource("/a").setHandlerFor(
      _get.to((context) => {
        nodeResponse(context)?.setHeader("x-own", "1");
        const { baseUrl, originalUrl } = nodeRequest<express.Request>(context);
        return json({ url: context.url.pathname, baseUrl, originalUrl });
      }),
    );
    root.subresource("/slash/").setHandlerFor(_get.to(() => "slash"));
    const app = express();
    app.use("/mount", root.intoService().nodeListener as never);
    app.use((request, response) => void response.status(404).send(`left: ${request.url}`));
    const url = await serve(app);
    const own = await fetch(`${url}/mount/a?x`);
    expect(await own.json()).toEqual({ url: "/mount/a", baseUrl: "/mount", originalUrl: "/mount/a?x" });
    expect([own.headers.get("x-layer"), own.headers.get("x-own")]).toEqual(["1", "1"]);
    expect(await (await fetch(`${url}/mount/none?y`)).text()).toBe("left: /mount/none?y");
    const slash = await fetch(`${url}/mount/slash`, { redirect: "manual" });
    expect(slash.headers.get("location")).toBe("/mount/slash/");
  });

  it("says what is wrong when a body parser stands in front", async () => {
    const root = new Resource("/");
    root.addLayerTo(
      _requestReceiver(new ErrorHandlerLayer((error) => respond(500, (error as Error).message))),
    );
    root.subresource("/a").setHandlerFor(_post.to([jsonBody()], (body) => json(body as object)));
    root.subresource("/b").setHandlerFor(_post.to(async (context) => context.request.text()));
    const app = express();
    app.use(express.json());
    app.use(root.intoService().nodeListener as never);
    const url = await serve(app);
    const init = { method: "POST", body: '{"a":1}', headers: { "content-type": "application/json" } };
    for (const path of ["/a", "/b"]) {
      expect(await (await fetch(url + path, init)).text()).toContain(
        "put the service in front of body parsers",
      );
    }
  });
});
