import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { _get, _requestReceiver, json, Resource } from "argania";
import { type ConnectRequest, connectLayer, nodeRequest } from "argania/connect";
import { describe, expect, it, onTestFinished } from "vitest";
import { serveTree } from "./serve-tree.ts";

type Mounted = ConnectRequest & { readonly baseUrl: string; readonly originalUrl: string };

describe("req.baseUrl", () => {
  it("has no slash at its end, as in Express", async () => {
    const seen: string[][] = [];
    const note = connectLayer((request, _response, next) => {
      const { baseUrl, url = "" } = request as Mounted;
      seen.push([baseUrl, url]);
      next();
    });
    const root = new Resource("/");
    root.setHandlerFor(_get.to(() => "root"));
    root.subresource("/a").setHandlerFor(_get.to(() => "a").wrappedIn(note));
    root.subresource("/b/").setHandlerFor(_get.to(() => "b").wrappedIn(note));
    root.addLayerTo(_requestReceiver(note));
    const { url, service } = await serveTree(root);
    for (const ask of [(path: string) => fetch(url + path), service.request]) {
      for (const path of ["/", "/a?x", "/b/"]) {
        expect((await ask(path)).status).toBe(200);
      }
      expect(seen.splice(0)).toEqual([
        ["", "/"],
        ["", "/a?x"],
        ["/a", "/?x"],
        ["", "/b/"],
        ["/b", "/"],
      ]);
    }
  });

  it("leads to this host when something is put behind it", async () => {
    const root = new Resource("/").setHandlerFor(_get.to(() => "root"));
    root.addLayerTo(
      _requestReceiver(
        connectLayer((request, response) => {
          response.statusCode = 302;
          response.setHeader("location", `${(request as Mounted).baseUrl}/login`);
          response.end();
        }),
      ),
    );
    const response = await root.intoService().request("/");
    expect(response.headers.get("location")).toBe("/login");
  });
});

describe("context.mountPath", () => {
  it.each(["/admin", "/%61dmin"])("stays what it is behind a layer: %s", async (path) => {
    const pass = connectLayer((_request, _response, next) => next());
    const root = new Resource("/");
    root.addLayerTo(_requestReceiver(pass));
    root.subresource("/admin").setHandlerFor(
      _get
        .to((context) => {
          const { baseUrl, originalUrl } = nodeRequest<Mounted>(context);
          return json([context.mountPath, context.url.pathname, baseUrl, originalUrl]);
        })
        .wrappedIn(pass),
    );
    const server = createServer(root.intoService({ mountPath: "/api" }).nodeListener).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    onTestFinished(() => void server.close());
    const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);
    expect(((await response.json()) as unknown[]).slice(0, 2)).toEqual(["/api", "/api/admin"]);
  });
});
