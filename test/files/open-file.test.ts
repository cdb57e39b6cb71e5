import { mkdirSync, truncateSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { LightResponse, type ResponseContext } from "argania";
import { FileChangedError, FileStream } from "argania/static";
import { describe, expect, it, test } from "vitest";
import { FileBody, readWhole } from "../../src/data/file/file-body.ts";
import { NO_FOLLOW, OpenFile, openFile } from "../../src/data/file/open-file.ts";
import { patternBytes, tempFiles, writeOld } from "./temp-files.ts";

const CONTENT = patternBytes(700_000);

async function opened(path = join(tempFiles({ "a.bin": CONTENT }), "a.bin")): Promise<OpenFile> {
  const file = await openFile(path);
  return file instanceof OpenFile ? file : Promise.reject(new Error(file));
}

describe("an open file", () => {
  it("is where it was opened, even when it has been removed", async () => {
    const path = join(tempFiles({ "a.bin": CONTENT }), "a.bin");
    const file = await opened(path);
    expect(await file.location()).toBe(path);
    unlinkSync(path);
    expect(await file.location()).toBe(path);
    file.close();
    expect(await file.location()).toBeNull();
  });

  it("is not closed while it is read, and not read once it is closed", async () => {
    const file = await opened();
    const buffer = Buffer.alloc(10);
    const reading = file.read(buffer, 10, 100);
    file.close();
    file.close();
    expect([await reading, buffer.equals(CONTENT.subarray(100, 110))]).toEqual([10, true]);
    await expect(file.read(buffer, 10, 0)).rejects.toThrow("closed already");
  });

  it("is a directory, or missing, or an error that says more", async () => {
    const directory = tempFiles({ "a.bin": CONTENT });
    mkdirSync(join(directory, "sub"));
    expect(await openFile(join(directory, "sub"))).toBe("directory");
    expect(await openFile(join(directory, "none"), NO_FOLLOW)).toBe("missing");
    const closed = { fd: 999_999, close: async () => {} };
    await expect(FileStream.open(closed)).rejects.toThrow("EBADF");
  });
});

describe("the body of a file", () => {
  it("uses the memory of a chunk again only when it is told so", async () => {
    const reader = new FileBody(await opened(), [{ start: 0, end: CONTENT.length }])[Symbol.asyncIterator]();
    const first = (await reader.next()).value as Uint8Array;
    const copy = Buffer.from(first);
    const second = (await reader.next()).value as Uint8Array;
    expect([copy.equals(first), second.buffer === first.buffer]).toEqual([true, false]);
    reader.recycle(first);
    reader.recycle(second);
    const third = (await reader.next()).value as Uint8Array;
    expect(third.buffer).toBe(second.buffer);
    expect(Buffer.concat([copy, third.subarray(0, 0)]).equals(CONTENT.subarray(0, copy.length))).toBe(true);
    await reader.return();
    expect((await reader.next()).done).toBe(true);
  });

  it("is empty for an empty part, and ends with what stands behind it", async () => {
    const text = new TextEncoder().encode("end");
    const chunks: string[] = [];
    for await (const chunk of new FileBody(await opened(), [{ start: 5, end: 5 }, text])) {
      chunks.push(Buffer.from(chunk).toString());
    }
    expect(chunks).toEqual(["end"]);
  });

  it("fails when the file becomes shorter, or cannot be read", async () => {
    const path = join(tempFiles({ "a.bin": CONTENT }), "a.bin");
    const reader = new FileBody(await opened(path), [{ start: 0, end: CONTENT.length }])[
      Symbol.asyncIterator
    ]();
    await reader.next();
    truncateSync(path, 10);
    await expect(reader.next()).rejects.toThrow(FileChangedError);
    expect((await reader.next()).done).toBe(true);

    const file = await opened();
    const closed = new FileBody(file, [{ start: 0, end: 10 }])[Symbol.asyncIterator]();
    file.close();
    await expect(closed.next()).rejects.toThrow("closed already");
  });

  it("is not read as a whole from a file that has become shorter", async () => {
    const path = join(tempFiles({ "a.bin": CONTENT }), "a.bin");
    const file = await opened(path);
    truncateSync(path, 10);
    await expect(readWhole(file)).rejects.toThrow(FileChangedError);
  });
});

describe("a response that depends on its request", () => {
  const context = (headers: Record<string, string>, method = "GET"): ResponseContext => ({
    method,
    header: (name) => headers[name],
  });
  const small = async () => FileStream.open(join(tempFiles({ "a.txt": "0123456789".repeat(300) }), "a.txt"));

  it("has parts of a small file in one piece", async () => {
    const response = (await small()).intoResponse(context({ range: "bytes=0-1,1000-1001" }));
    const body = await response.text();
    expect([response.status, response.headers.get("content-length")]).toEqual([206, String(body.length)]);
    expect(body).toMatch(
      /content-range: bytes 0-1\/3000\r\n\r\n01\r\n[\s\S]*1000-1001\/3000\r\n\r\n01\r\n--\w+--\r\n$/,
    );
  });

  it("stays whole once somebody has asked for its body, or has taken a copy", async () => {
    const first = (await small()).intoResponse();
    expect(first.body).not.toBeNull();
    expect(first.settledFor(context({ range: "bytes=0-1" })).status).toBe(200);
    const second = (await small()).intoResponse();
    const copy = second.clone();
    expect([copy.settledFor(context({ range: "bytes=0-1" })).status, (await copy.text()).length]).toEqual([
      200, 3_000,
    ]);
    expect(new LightResponse("x").settledFor(context({})).status).toBe(200);
  });

  it("is changed by no range when it is a part already, or not to be had in parts", async () => {
    const part = (await small()).intoResponse();
    part.headers.set("content-range", "bytes 0-2999/6000");
    expect(part.settledFor(context({ range: "bytes=0-1" })).status).toBe(200);
    const path = join(tempFiles(), "b.txt");
    writeOld(path, "hello");
    const whole = await FileStream.open(path, { acceptRanges: false, etag: false, lastModified: false });
    const response = whole.intoResponse(context({ range: "bytes=0-1", "if-none-match": '"x"' }));
    expect([response.status, response.headers.has("etag"), await response.text()]).toEqual([
      200,
      false,
      "hello",
    ]);
  });

  it("is not encoded again", async () => {
    const path = join(tempFiles({ "a.txt": "hello" }), "a.txt");
    const response = (await FileStream.open(path, { encoding: "gzip", etag: false })).intoResponse();
    response.headers.set("content-encoding", "br");
    expect(response.settledFor(context({ "accept-encoding": "gzip" })).headers.get("content-encoding")).toBe(
      "br",
    );
    const other = (await FileStream.open(path, { encoding: "gzip", etag: false })).intoResponse();
    const encoded = other.settledFor(context({ "accept-encoding": "gzip" }));
    expect([encoded.headers.get("content-encoding"), encoded.headers.get("etag")]).toEqual(["gzip", null]);
  });
});

test.each([
  [{ attachment: true }, 'attachment; filename="a.txt"'],
  [{ inline: true }, 'inline; filename="a.txt"'],
  [{ inline: "b.txt" }, 'inline; filename="b.txt"'],
  [{ attachment: false }, null],
  [{}, null],
])("with %o the disposition is %j", async (options, expected) => {
  const path = join(tempFiles({ "a.txt": "hello" }), "a.txt");
  const response = (await FileStream.open(path, options)).intoResponse();
  expect(response.headers.get("content-disposition")).toBe(expected);
});

test("types, dates and tags can be one's own", async () => {
  const path = join(tempFiles({ "a.txt": "hello" }), "a.txt");
  const lastModified = new Date("2020-01-01T00:00:00Z");
  const options = { contentType: "text/x-mine", etag: 'W/"7"', lastModified, cacheControl: "private" };
  const response = (await FileStream.open(path, options)).intoResponse();
  expect(Object.fromEntries(response.headers)).toMatchObject({
    "content-type": "text/x-mine",
    etag: 'W/"7"',
    "last-modified": "Wed, 01 Jan 2020 00:00:00 GMT",
    "cache-control": "private",
  });
});

test("a date in the future is not sent", async () => {
  const path = join(tempFiles(), "later.txt");
  writeOld(path, "later", new Date(Date.now() + 3_600_000));
  const { headers } = (await FileStream.open(path)).intoResponse();
  expect([headers.has("last-modified"), headers.get("etag")?.slice(0, 2)]).toEqual([false, "W/"]);
});
