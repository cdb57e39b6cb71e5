import { _get, _requestReceiver, Resource } from "argania";
import { type ConnectMiddleware, connectLayer } from "argania/connect";
import { expect, it } from "vitest";
import { serveTree } from "./serve-tree.ts";

it("middleware that changes the status when the head is written does so for streams, too", async () => {
  const change: ConnectMiddleware = (_request, response, next) => {
    const { writeHead } = response;
    response.writeHead = function (this: typeof response) {
      return Reflect.apply(writeHead, this, [203]);
    } as never;
    next();
  };
  const root = new Resource("/");
  root.addLayerTo(_requestReceiver(connectLayer(change)));
  root.setHandlerFor(
    _get.to(async function* () {
      yield "inside";
    }),
  );
  root.subresource("/text").setHandlerFor(_get.to(() => "inside").wrappedIn(connectLayer(change)));
  const { url } = await serveTree(root);
  for (const path of ["/", "/text"]) {
    const response = await fetch(url + path);
    expect([response.status, await response.text()]).toEqual([203, "inside"]);
  }
});
