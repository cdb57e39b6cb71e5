import { execFile } from "node:child_process";
import { get } from "node:http";
import { join } from "node:path";
import { promisify } from "node:util";
import * as zlib from "node:zlib";
import { _get, Resource, Server } from "argania";
import { FileStream, type FileStreamOptions } from "argania/static";
import { fetch } from "undici";
import { describe, expect, it } from "vitest";
import { announceSkipped, curlVersion } from "../examples/find-program.ts";
import { serve } from "../server/serve.ts";
import { tempFiles } from "./temp-files.ts";

const execute = promisify(execFile);

/** Text that shrinks more the harder one works at it. */
const WORDS = "all happy families are alike; every unhappy family is unhappy in its own way.".split(" ");
const TEXT = Array.from(
  { length: 20_000 },
  (_, index) => WORDS[((index * index * 7_919) % 10_007) % 14],
).join(" ");

const hasZstd = "zstdDecompressSync" in zlib;
const CODINGS = ["gzip", "br", ...(hasZstd ? (["zstd"] as const) : [])] as const;

const LEVELS = [["gzip", 1, 9], ["br", 0, 9], ...(hasZstd ? ([["zstd", 1, 15]] as const) : [])] as const;

async function site(encoding: FileStreamOptions["encoding"], server = new Server()) {
  const file = join(tempFiles({ "a.txt": TEXT }), "a.txt");
  const handler = _get.to(() => FileStream.open(file, encoding === undefined ? {} : { encoding }));
  const { port } = await serve(new Resource("/").setHandlerFor(handler).intoService(), server);
  return { port, url: `http://127.0.0.1:${port}/` };
}

/** What is on the wire, still encoded. */
function raw(port: number, acceptEncoding: string): Promise<{ coding: string | undefined; bytes: Buffer }> {
  return new Promise((resolve, reject) => {
    const options = { port, headers: { "accept-encoding": acceptEncoding }, agent: false };
    get(options, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) {
        chunks.push(chunk);
      }
      resolve({ coding: response.headers["content-encoding"], bytes: Buffer.concat(chunks) });
    }).on("error", reject);
  });
}

const DECODERS: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  gzip: (bytes) => zlib.gunzipSync(bytes),
  br: (bytes) => zlib.brotliDecompressSync(bytes),
  zstd: (bytes) =>
    (zlib as unknown as { zstdDecompressSync: (bytes: Buffer) => Buffer }).zstdDecompressSync(bytes),
};

describe("a file that is compressed while it is sent", () => {
  it.each(CODINGS)("comes in %s over a socket", async (coding) => {
    const { port } = await site(coding);
    const answer = await raw(port, coding);
    expect(answer.coding).toBe(coding);
    expect(answer.bytes.length).toBeLessThan(TEXT.length / 2);
    expect(DECODERS[coding]?.(answer.bytes).equals(Buffer.from(TEXT))).toBe(true);
    const plain = await raw(port, "identity");
    expect([plain.coding, plain.bytes.equals(Buffer.from(TEXT))]).toEqual([undefined, true]);
  });

  it.each(LEVELS)("is smaller the higher the level: %s", async (coding, low, high) => {
    const length = async (level: number) => {
      const { port } = await site({ coding, level });
      const { bytes } = await raw(port, coding);
      expect(DECODERS[coding]?.(bytes).equals(Buffer.from(TEXT))).toBe(true);
      return bytes.length;
    };
    expect(await length(high)).toBeLessThan((await length(low)) * 0.95);
  });

  it.each(["gzip", "br"] as const)("is decoded by undici: %s", async (coding) => {
    const { url } = await site([coding]);
    const response = await fetch(url, { headers: { "accept-encoding": coding } });
    expect([response.headers.get("content-encoding"), (await response.text()) === TEXT]).toEqual([
      coding,
      true,
    ]);
  });
});

const hasCurl = curlVersion() !== "";
if (!hasCurl) {
  announceSkipped("tests of encoded files with curl are", "there is no curl.");
}

describe.skipIf(!hasCurl)("curl --compressed", () => {
  const known = CODINGS.filter((coding) =>
    curlVersion().includes({ gzip: "libz", br: "brotli", zstd: "zstd" }[coding]),
  );

  it.each(known)("decodes %s", async (coding) => {
    const { url } = await site({ coding, level: 2 }, new Server().withHttp2());
    for (const version of [
      "--http1.1",
      ...(curlVersion().includes("HTTP2") ? ["--http2-prior-knowledge"] : []),
    ]) {
      const options = ["-sS", "-m", "15", "--noproxy", "*", "--compressed", version];
      const { stdout } = await execute("curl", [...options, "-D", "-", url], { maxBuffer: 2 ** 24 });
      const end = stdout.indexOf("\r\n\r\n");
      expect(stdout.slice(0, end).toLowerCase()).toContain(`content-encoding: ${coding}`);
      expect(stdout.slice(end + 4) === TEXT).toBe(true);
    }
  });
});
