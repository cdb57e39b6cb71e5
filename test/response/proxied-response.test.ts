import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { _get, Resource } from "argania";
import { expect, it } from "vitest";
import { withServer } from "../support/raw-http.ts";

it("passes a fetched response on without the encoding and length that no longer hold", async () => {
  const upstream = createServer((_, response) => {
    const body = gzipSync("plain ".repeat(100));
    response
      .writeHead(200, { "content-encoding": "gzip", "content-length": body.length, "x-up": "1" })
      .end(body);
  });
  await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}/`;
  const service = new Resource("/").setHandlerFor(_get.to(() => fetch(url))).intoService();
  await withServer(service, async (port) => {
    const response = await fetch(`http://127.0.0.1:${port}/`);
    expect(response.headers.get("content-encoding")).toBeNull();
    expect(response.headers.get("x-up")).toBe("1");
    expect(await response.text()).toBe("plain ".repeat(100));
  });
  upstream.closeAllConnections();
  upstream.close();
});
