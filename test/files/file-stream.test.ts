import { openSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  _get,
  _post,
  _requestReceiver,
  around,
  type IntoResponse,
  Resource,
  respond,
  type Service,
} from "argania";
import { FileNotFoundError, FileStream, type FileStreamOptions } from "argania/static";
import { describe, expect, it, test } from "vitest";
import { LAST_MODIFIED, patternBytes, tempFiles } from "./temp-files.ts";

const LARGE = 200_000;

function serving(handler: () => IntoResponse | Promise<IntoResponse>): Service {
  return new Resource("/").setHandlerFor(_get.to(handler), _post.to(handler)).intoService();
}

function servingFile(file: string, options: FileStreamOptions = {}): Service {
  return serving(() => FileStream.open(file, options));
}

const openFiles = () => readdirSync("/proc/self/fd").length;

describe.each([
  ["a small file", 5],
  ["a large file", LARGE],
])("%s", (_, size) => {
  const content = patternBytes(size);
  const file = () => join(tempFiles({ "data.txt": content }), "data.txt");

  it("is sent as a whole, with what is known of it", async () => {
    const response = await servingFile(file()).request("/");
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toEqual({
      "accept-ranges": "bytes",
      "content-length": String(size),
      "content-type": "text/plain; charset=utf-8",
      etag: expect.stringMatching(`^"${size.toString(16)}-[\\da-f]{13}"$`),
      "last-modified": LAST_MODIFIED,
      "x-content-type-options": "nosniff",
    });
    expect(Buffer.from(await response.arrayBuffer()).equals(content)).toBe(true);
  });

  it("answers HEAD as GET, without the body and without ranges", async () => {
    const response = await servingFile(file()).request("/", {
      method: "HEAD",
      headers: { range: "bytes=0-1" },
    });
    expect([response.status, response.headers.get("content-length"), await response.text()]).toEqual([
      200,
      String(size),
      "",
    ]);
  });

  it("answers the condition of a cache with 304, and nothing of a body", async () => {
    const service = servingFile(file(), { cacheControl: "max-age=60", attachment: true });
    const etag = (await service.request("/")).headers.get("etag") as string;
    for (const headers of [{ "if-none-match": etag }, { "if-modified-since": LAST_MODIFIED }]) {
      const response = await service.request("/", { headers });
      expect([response.status, await response.text()]).toEqual([304, ""]);
      expect(Object.fromEntries(response.headers)).toEqual({
        etag,
        "last-modified": LAST_MODIFIED,
        "cache-control": "max-age=60",
        "x-content-type-options": "nosniff",
      });
    }
  });

  it("refuses a condition that does not hold with 412", async () => {
    const response = await servingFile(file()).request("/", { headers: { "if-match": '"other"' } });
    expect(response.status).toBe(412);
    expect(await response.json()).toMatchObject({ code: "ARGANIA_PRECONDITION_FAILED" });
  });

  it("sends a part", async () => {
    const response = await servingFile(file()).request("/", { headers: { range: "bytes=1-3" } });
    expect([
      response.status,
      response.headers.get("content-range"),
      response.headers.get("content-length"),
    ]).toEqual([206, `bytes 1-3/${size}`, "3"]);
    expect(Buffer.from(await response.arrayBuffer()).equals(content.subarray(1, 4))).toBe(true);
  });

  it("sends a part only of the version that the client has", async () => {
    const service = servingFile(file());
    const etag = (await service.request("/")).headers.get("etag") as string;
    const ask = async (ifRange: string) =>
      (await service.request("/", { headers: { range: "bytes=0-0", "if-range": ifRange } })).status;
    expect([await ask(etag), await ask(LAST_MODIFIED), await ask('"nope"'), await ask(`W/${etag}`)]).toEqual([
      206, 206, 200, 200,
    ]);
  });

  it("tells its length to those who ask for what is not there", async () => {
    const response = await servingFile(file()).request("/", { headers: { range: `bytes=${size}-` } });
    expect([response.status, response.headers.get("content-range")]).toEqual([416, `bytes */${size}`]);
    expect(await response.json()).toMatchObject({
      code: "ARGANIA_RANGE_NOT_SATISFIABLE",
      detail: `The range lies beyond the end: there are ${size} bytes.`,
    });
  });
});

test("several parts are sent as multipart/byteranges", async () => {
  const content = patternBytes(LARGE);
  const service = servingFile(join(tempFiles({ "a.bin": content }), "a.bin"));
  const response = await service.request("/", { headers: { range: "bytes=0-1,1000-1002, -3" } });
  const body = Buffer.from(await response.arrayBuffer()).toString("latin1");
  const boundary = /^multipart\/byteranges; boundary=(\w+)$/.exec(
    response.headers.get("content-type") ?? "",
  )?.[1];
  const part = (start: number, end: number) =>
    `--${boundary}\r\ncontent-type: application/octet-stream\r\ncontent-range: bytes ${start}-${end - 1}/${LARGE}\r\n\r\n${content.subarray(start, end).toString("latin1")}\r\n`;
  expect(response.status).toBe(206);
  expect(body).toBe(`${part(0, 2)}${part(1000, 1003)}${part(LARGE - 3, LARGE)}--${boundary}--\r\n`);
  expect(response.headers.get("content-length")).toBe(String(body.length));
  expect(response.headers.has("content-range")).toBe(false);
});

test("layers see the answer that the request gets", async () => {
  const file = join(tempFiles({ "a.txt": "hello" }), "a.txt");
  const seen: unknown[] = [];
  const root = new Resource("/").setHandlerFor(_get.to(() => FileStream.open(file)));
  root.addLayerTo(
    _requestReceiver(
      around(async (_context, next) => {
        try {
          const response = await next();
          seen.push(response.status);
          return response;
        } catch (error) {
          seen.push((error as { status?: number }).status);
          throw error;
        }
      }),
    ),
  );
  const service = root.intoService();
  await service.request("/", { headers: { range: "bytes=0-1" } });
  await service.request("/", { headers: { range: "bytes=9-" } });
  await service.request("/", { headers: { "if-none-match": "*" } });
  expect(seen).toEqual([206, 416, 304]);
});

describe("inside of respond()", () => {
  const file = () => join(tempFiles({ "a.txt": "hello" }), "a.txt");

  it("is still answered by the request, and by the headers in front of it", async () => {
    const path = file();
    const service = serving(async () =>
      respond(200, { "x-a": "1", etag: '"mine"' }, await FileStream.open(path)),
    );
    const part = await service.request("/", { headers: { range: "bytes=0-1", "if-range": '"mine"' } });
    expect([part.status, part.headers.get("x-a"), await part.text()]).toEqual([206, "1", "he"]);
    const same = await service.request("/", { headers: { "if-none-match": '"mine"' } });
    expect([same.status, same.headers.get("x-a")]).toEqual([304, "1"]);
  });

  it("is sent as a whole with another status", async () => {
    const path = file();
    const service = serving(async () => respond(404, await FileStream.open(path)));
    const response = await service.request("/", { headers: { range: "bytes=0-1", "if-none-match": "*" } });
    expect([response.status, await response.text()]).toEqual([404, "hello"]);
  });
});

test("conditions are those of reading: the answer to a POST is sent as it is", async () => {
  const service = servingFile(join(tempFiles({ "a.txt": "hello" }), "a.txt"));
  const headers = { "if-none-match": "*", range: "bytes=0-0" };
  const response = await service.request("/", { method: "POST", headers });
  expect([response.status, await response.text()]).toEqual([200, "hello"]);
});

describe("FileStream.open", () => {
  it("takes URLs and handles, which are closed with the response", async () => {
    const path = join(tempFiles({ "a b.txt": "hello" }), "a b.txt");
    const text = async (file: Parameters<typeof FileStream.open>[0]) =>
      (await serving(() => FileStream.open(file)).request("/")).text();
    expect(await text(pathToFileURL(path))).toBe("hello");
    const handle = await open(path);
    expect(await text(handle)).toBe("hello");
    await expect.poll(() => handle.fd).toBe(-1);
  });

  it("gives 404 for what is no regular file", async () => {
    const root = tempFiles({ "a.txt": "hello" });
    symlinkSync("a.txt", join(root, "link"));
    symlinkSync("loop", join(root, "loop"));
    for (const path of ["none", ".", "a.txt/x", "loop", "x".repeat(300), "a\0b"].map(
      (name) => `${root}/${name}`,
    )) {
      await expect(FileStream.open(path)).rejects.toThrow(FileNotFoundError);
    }
    await expect(FileStream.open("/dev/null")).rejects.toThrow(FileNotFoundError);
    await expect(FileStream.open(`${root}/link`, { followSymlinks: false })).rejects.toThrow(
      FileNotFoundError,
    );
    await expect(FileStream.open(openSyncHandle(root))).rejects.toThrow(FileNotFoundError);
    (await FileStream.open(`${root}/link`)).close();
  });

  function openSyncHandle(directory: string) {
    return { fd: openSync(directory, "r"), close: async () => {} };
  }

  it("has a weak entity tag for a file that has just been changed", async () => {
    const path = join(tempFiles(), "new.txt");
    writeFileSync(path, "new");
    const response = await servingFile(path).request("/");
    expect(response.headers.get("etag")).toMatch(/^W\/"3-[\da-f]+"$/);
  });

  it("is sent once", async () => {
    const file = await FileStream.open(join(tempFiles({ "a.txt": "hello" }), "a.txt"));
    expect([file.size, file.lastModified.toUTCString()]).toEqual([5, LAST_MODIFIED]);
    file.intoResponse();
    expect(() => file.intoResponse()).toThrow("open it for each request");
  });

  it("leaves no file open, whatever becomes of the response", async () => {
    const path = join(tempFiles({ "a.bin": patternBytes(LARGE) }), "a.bin");
    const service = servingFile(path);
    await (await service.request("/")).arrayBuffer();
    const before = openFiles();
    const requests = Array.from({ length: 20 }, (_, index) => [
      service.request("/", { method: "HEAD" }),
      service.request("/", { headers: { "if-none-match": "*" } }),
      service.request("/", { headers: { "if-match": '"x"' } }),
      service.request("/", { headers: { range: `bytes=${LARGE + index}-` } }),
      service.request("/").then((response) => response.body?.cancel()),
      service
        .request("/", { headers: { range: "bytes=0-1,100000-" } })
        .then((response) => response.body?.cancel()),
      FileStream.open(path).then((file) => file.close()),
    ]);
    await Promise.all(requests.flat());
    // The one before may still have been about to be closed: fewer are fine.
    await expect.poll(openFiles).toBeLessThanOrEqual(before);
  });
});
