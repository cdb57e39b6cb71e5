import { connect, createServer, type Http2ServerRequest, type Http2ServerResponse } from "node:http2";
import type { AddressInfo } from "node:net";
import type { NodeListener } from "argania";
import { expect, onTestFinished, test } from "vitest";
import { tree } from "./tree.ts";

test("over HTTP/2, too, what was set before is sent with every cookie", async () => {
  const { service } = tree("/api");
  const server = createServer((request: Http2ServerRequest, response: Http2ServerResponse) => {
    response.setHeader("x-before", "1");
    response.setHeader("set-cookie", ["theirs=1"]);
    const [incoming, outgoing] = [request, response] as unknown as Parameters<NodeListener>;
    service.nodeListener(incoming, outgoing);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const client = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  onTestFinished(() => {
    client.destroy();
    server.close();
  });
  const headers = await new Promise<Record<string, unknown>>((resolve, reject) => {
    const stream = client.request({ ":path": "/api/cookies" });
    stream.on("response", resolve);
    stream.on("error", reject);
    stream.resume();
  });
  expect(headers).toMatchObject({ ":status": 200, "x-before": "1", "x-own": "1", vary: "Accept" });
  expect(headers["set-cookie"]).toEqual(["theirs=1", "a=1", "b=2"]);
});
