import { join } from "node:path";
import * as zlib from "node:zlib";
import { _get, Resource, type Service } from "argania";
import { FileStream, type FileStreamOptions, StaticFiles, type StaticFilesOptions } from "argania/static";
import { describe, expect, it } from "vitest";
import { CHANGED_AT, tempFiles, writeOld } from "./temp-files.ts";

const TEXT = "All happy families are alike. ".repeat(5_000);
const hasZstd = "zstdDecompressSync" in zlib;

function decode(coding: string | null, bytes: Uint8Array): string {
  const decoders: Record<string, (input: Uint8Array) => Buffer> = {
    gzip: zlib.gunzipSync,
    br: zlib.brotliDecompressSync,
    zstd: (zlib as unknown as { zstdDecompressSync: (input: Uint8Array) => Buffer }).zstdDecompressSync,
  };
  return (
    coding === null ? Buffer.from(bytes) : (decoders[coding] as (input: Uint8Array) => Buffer)(bytes)
  ).toString();
}

function serving(directory: string, options: StaticFilesOptions): Service {
  return new StaticFiles("/", directory, options).intoResource().intoService();
}

function servingFile(file: string, options: FileStreamOptions): Service {
  return new Resource("/").setHandlerFor(_get.to(() => FileStream.open(file, options))).intoService();
}

async function ask(
  service: Service,
  path: string,
  acceptEncoding?: string,
  headers: Record<string, string> = {},
) {
  const response = await service.request(path, {
    headers: { ...headers, ...(acceptEncoding === undefined ? {} : { "accept-encoding": acceptEncoding }) },
  });
  const bytes = new Uint8Array(await response.arrayBuffer());
  const coding = response.headers.get("content-encoding");
  return { response, coding, bytes, status: response.status };
}

describe("FileStream with encoding", () => {
  const file = () => join(tempFiles({ "a.txt": TEXT }), "a.txt");

  it.each([
    ["gzip", "gzip, deflate, br", "gzip"],
    ["br", "gzip, deflate, br", "br"],
    [["br", "gzip"], "gzip, deflate, br", "br"],
    [["br", "gzip"], "gzip, deflate, br;q=0.5", "gzip"],
    [["br", "gzip"], "*", "br"],
    [["br", "gzip"], "br;q=0, *", "gzip"],
    [{ coding: "gzip", level: 1 }, "gzip", "gzip"],
    ["gzip", undefined, null],
    ["gzip", "", null],
    ["gzip", "br", null],
    ["gzip", "gzip;q=0", null],
    ["gzip", "identity, gzip;q=0.5", null],
    ["gzip", "gzip;q=NaN, br;q=-1, deflate;q=9e999", null],
    ["gzip", ',,;;q=1,"', null],
  ] as const)("%o for %j gives %j", async (encoding, acceptEncoding, expected) => {
    const { response, coding, bytes } = await ask(servingFile(file(), { encoding }), "/", acceptEncoding);
    expect(coding).toBe(expected);
    expect(decode(coding, bytes) === TEXT).toBe(true);
    expect(response.headers.get("vary")).toBe("accept-encoding");
    expect(response.headers.get("accept-ranges")).toBe(expected === null ? "bytes" : null);
    expect(response.headers.get("content-length")).toBe(expected === null ? String(TEXT.length) : null);
    expect(response.headers.get("etag")).toMatch(
      expected === null ? /^"[\w-]+"$/ : new RegExp(`^W/"[\\w-]+-${expected}"$`),
    );
  });

  it.runIf(hasZstd)("knows zstd where Node does", async () => {
    const { coding, bytes } = await ask(
      servingFile(file(), { encoding: ["zstd", "gzip"] }),
      "/",
      "gzip, zstd",
    );
    expect([coding, decode(coding, bytes) === TEXT]).toEqual(["zstd", true]);
  });

  it("leaves zstd out where Node does not know it", async () => {
    const { coding } = await ask(servingFile(file(), { encoding: ["zstd"] }), "/", "zstd");
    expect(coding).toBe(hasZstd ? "zstd" : null);
  });

  it("has a tag for each coding, and answers conditions by it", async () => {
    const service = servingFile(file(), { encoding: ["br", "gzip"] });
    const tagFor = async (coding: string) =>
      (await ask(service, "/", coding)).response.headers.get("etag") as string;
    const [br, gzip, plain] = [await tagFor("br"), await tagFor("gzip"), await tagFor("identity")];
    expect(new Set([br, gzip, plain]).size).toBe(3);
    const status = async (coding: string, tag: string) =>
      (await ask(service, "/", coding, { "if-none-match": tag })).status;
    expect([await status("br", br), await status("br", gzip), await status("identity", plain)]).toEqual([
      304, 200, 304,
    ]);
  });

  it("sends parts of the file as it is, never of what is compressed", async () => {
    const service = servingFile(file(), { encoding: "gzip" });
    const { status, coding, bytes } = await ask(service, "/", "gzip", { range: "bytes=0-2" });
    expect([status, coding, Buffer.from(bytes).toString()]).toEqual([206, null, "All"]);
  });

  it("compresses nothing for HEAD, and says the same", async () => {
    const response = await servingFile(file(), { encoding: "gzip" }).request("/", {
      method: "HEAD",
      headers: { "accept-encoding": "gzip" },
    });
    expect([response.headers.get("content-encoding"), await response.text()]).toEqual(["gzip", ""]);
  });
});

describe("StaticFiles with compress", () => {
  const FILES = { "a.js": TEXT, "small.js": "1", "a.png": TEXT, "a.svg": TEXT, "a.json": TEXT };

  it.each([
    ["/a.js", "br", true],
    ["/a.svg", "br", true],
    ["/a.json", "br", true],
    ["/small.js", null, false],
    ["/a.png", null, false],
  ])("%s", async (path, expected, varies) => {
    const { response, coding, bytes } = await ask(
      serving(tempFiles(FILES), { compress: true }),
      path,
      "gzip, br",
    );
    expect([coding, response.headers.get("vary")]).toEqual([expected, varies ? "accept-encoding" : null]);
    expect(decode(coding, bytes)).toBe(path === "/small.js" ? "1" : TEXT);
  });

  it("keeps to its sizes, codings and levels", async () => {
    const coding = async (compress: StaticFilesOptions["compress"]) =>
      (await ask(serving(tempFiles(FILES), { compress: compress as never }), "/a.js", "gzip, br")).coding;
    expect(await coding({ maxSize: 1_000 })).toBeNull();
    expect(await coding({ minSize: 1_000_000 })).toBeNull();
    expect(await coding({ codings: "gzip" })).toBe("gzip");
    expect(await coding({ codings: [{ coding: "gzip", level: 9 }] })).toBe("gzip");
    expect(await coding(false)).toBeNull();
  });

  it("refuses with 406 who takes neither a coding nor the file as it is", async () => {
    const service = serving(tempFiles(FILES), { compress: { codings: "gzip" } });
    const statuses = async (header: string) => (await ask(service, "/a.js", header)).status;
    expect(await statuses("identity;q=0")).toBe(406);
    expect(await statuses("br, *;q=0")).toBe(406);
    expect(await statuses("gzip, identity;q=0")).toBe(200);
    expect(await statuses("gzip;q=NaN, br;q=-1, deflate;q=9e999")).toBe(200);
  });
});

describe("StaticFiles with files compressed beforehand", () => {
  const made = { br: zlib.brotliCompressSync(TEXT), gzip: zlib.gzipSync(TEXT) };
  const FILES = { "app.js": TEXT, "app.js.br": made.br, "app.js.gz": made.gzip, "plain.js": TEXT };

  it.each([
    ["gzip, deflate, br, zstd", true, "br"],
    ["gzip", true, "gzip"],
    ["br;q=0.1, gzip", true, "gzip"],
    ["gzip, br", "gzip", "gzip"],
    ["gzip, br", ["br"], "br"],
    [undefined, true, null],
    ["identity, br;q=0.5", true, null],
    ["gzip, br", false, null],
  ] as const)("for %j with %o sends %j", async (acceptEncoding, precompressed, expected) => {
    const { response, coding, bytes } = await ask(
      serving(tempFiles(FILES), { precompressed }),
      "/app.js",
      acceptEncoding,
    );
    expect([coding, decode(coding, bytes) === TEXT]).toEqual([expected, true]);
    expect(response.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
    expect(response.headers.get("content-length")).toBe(String(bytes.length));
    expect(response.headers.get("vary")).toBe(precompressed === false ? null : "accept-encoding");
    expect(response.headers.get("etag")).toMatch(
      expected === null ? /^"[^"]*\w"$/ : new RegExp(`^"[^"]*-${expected}"$`),
    );
  });

  it("says that there could be another form of a file that has none, or for a 304", async () => {
    const service = serving(tempFiles(FILES), { precompressed: true });
    const { response } = await ask(service, "/plain.js", "br");
    expect([response.headers.get("content-encoding"), response.headers.get("vary")]).toEqual([
      null,
      "accept-encoding",
    ]);
    const same = await ask(service, "/app.js", "br", { "if-none-match": "*" });
    expect([same.status, same.response.headers.get("vary")]).toEqual([304, "accept-encoding"]);
  });

  it("sends parts of it, which are always the same", async () => {
    const service = serving(tempFiles(FILES), { precompressed: true });
    const { status, coding, bytes } = await ask(service, "/app.js", "br", { range: "bytes=1-3" });
    expect([status, coding, Buffer.from(bytes)]).toEqual([206, "br", made.br.subarray(1, 4)]);
  });

  it("does not send what is older than its file, or larger", async () => {
    const directory = tempFiles(FILES);
    writeOld(join(directory, "app.js"), TEXT, new Date(CHANGED_AT.getTime() + 5_000));
    expect((await ask(serving(directory, { precompressed: true }), "/app.js", "br")).coding).toBeNull();
    const larger = tempFiles({ "a.js": "short", "a.js.br": made.br });
    expect((await ask(serving(larger, { precompressed: true }), "/a.js", "br")).coding).toBeNull();
  });

  it("goes before what would have to be compressed", async () => {
    const directory = tempFiles({ "app.js": TEXT, "app.js.gz": made.gzip });
    const service = serving(directory, { precompressed: true, compress: true });
    const { response, coding } = await ask(service, "/app.js", "gzip, br");
    expect([coding, response.headers.get("content-length")]).toEqual(["gzip", String(made.gzip.length)]);
  });

  it("is found in a directory of its own, as argan has it", async () => {
    const directory = tempFiles({
      "unencoded/docs/app.js": TEXT,
      "unencoded/index.html": "index",
      "encoded/br/docs/app.js.br": made.br,
      "encoded/gzip/docs/app.js.gz": made.gzip,
      "encoded/gzip/docs/only.js.gz": made.gzip,
    });
    const service = serving(directory, { layout: "split" });
    const codings = ["br", "gzip", "identity"].map(
      async (header) => (await ask(service, "/docs/app.js", header)).coding,
    );
    expect(await Promise.all(codings)).toEqual(["br", "gzip", null]);
    expect(Buffer.from((await ask(service, "/")).bytes).toString()).toBe("index");
    for (const path of ["/unencoded/docs/app.js", "/encoded/br/docs/app.js.br", "/docs/only.js"]) {
      expect((await ask(service, path, "gzip")).status).toBe(404);
    }
  });
});
