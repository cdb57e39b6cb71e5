import { execFile } from "node:child_process";
import { once } from "node:events";
import { connect, createServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import { gunzipSync } from "node:zlib";
import { _get, _requestReceiver, Resource, Server, type ServerHandle, type Service } from "argania";
import { CompressionLayer } from "argania/middleware";
import { request } from "undici";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { announceSkipped, curlVersion } from "../examples/find-program.ts";
import { decode, hasZstd, TEXT } from "./serving.ts";

const run = promisify(execFile);
const hasCurl = /\blibz\b/.test(curlVersion());
if (!hasCurl) {
  announceSkipped("curl", "there is none that decodes");
}
let server: ServerHandle;

beforeAll(async () => {
  server = await new Server().serve(service(), "127.0.0.1:0");
});

afterAll(() => server.close());

function service(): Service {
  const root = new Resource("/").setHandlerFor(_get.to(() => TEXT));
  root
    .subresource("/stream")
    .setHandlerFor(
      _get.to(
        () =>
          new Response(new Blob([TEXT.repeat(100)]).stream(), { headers: { "content-type": "text/plain" } }),
      ),
    );
  return root.addLayerTo(_requestReceiver(new CompressionLayer())).intoService();
}

describe.each([
  ["/", TEXT],
  ["/stream", TEXT.repeat(100)],
])("%s", (path, expected) => {
  it("is understood by fetch, which asks for all it knows", async () => {
    const response = await fetch(`${server.url}${path}`);
    expect(response.headers.get("content-encoding")).toMatch(/^(?:br|zstd|gzip)$/);
    expect((await response.text()) === expected).toBe(true);
  });

  it.each(["gzip", "br", ...(hasZstd ? ["zstd"] : [])])("comes to undici in %s", async (coding) => {
    const { headers, body } = await request(`${server.url}${path}`, {
      headers: { "accept-encoding": coding },
    });
    expect([headers["content-encoding"], headers.vary]).toEqual([coding, "accept-encoding"]);
    expect(decode(coding, new Uint8Array(await body.arrayBuffer())) === expected).toBe(true);
  });

  it.runIf(hasCurl)("is understood by curl", async () => {
    const args = ["--silent", "--compressed", "--write-out", "%{size_download}", `${server.url}${path}`];
    const { stdout } = await run("curl", args, { maxBuffer: 2 ** 24 });
    expect(stdout.startsWith(expected)).toBe(true);
    expect(Number(stdout.slice(expected.length))).toBeLessThan(expected.length / 10);
  });

  it("goes over HTTP/2", async () => {
    const front = createServer(service().nodeListener as never).listen(0, "127.0.0.1");
    await once(front, "listening");
    const session = connect(`http://127.0.0.1:${(front.address() as AddressInfo).port}`);
    const stream = session.request({ ":path": path, "accept-encoding": "gzip" });
    const chunks: Buffer[] = [];
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    const headers = await new Promise<Record<string, unknown>>((resolve) => stream.once("response", resolve));
    await once(stream, "end");
    session.close();
    front.close();
    expect(headers["content-encoding"]).toBe("gzip");
    expect(gunzipSync(Buffer.concat(chunks)).toString() === expected).toBe(true);
  });
});
